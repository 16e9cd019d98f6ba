export type { Advised, Evidence, Severity } from './advice.js'
export { type ChosenOption, choose, type OptimizerChoice } from './choose.js'
export type { HistoryRow, RunLike, SeenSymptom } from './curves.js'
export { type DiagnoseOptions, type Diagnosis, diagnose, type Move } from './diagnose.js'
export { fitGap } from './fitGap.js'
export type { RedFlag } from './flag.js'
export { type Finding, lint, redFlags } from './lint.js'
export { recipeOfFit } from './lintFit.js'
export { type Misconception, misconceptions } from './misconceptions.js'
export { type MoveRule, moveRules, type Stage, stages } from './moves.js'
export { type Preset, presets } from './presets.js'
export type {
  ComparedArm,
  ModelKind,
  RecipeGroup,
  Task,
  TrainingRecipe,
} from './recipe.js'
export {
  type Moved,
  type RecipeNote,
  type RecipeNoteOptions,
  recipeNote,
} from './recipeNote.js'
export { recipeSchema, type Schema } from './schema.js'
export { type Symptom, symptoms } from './symptoms.js'
