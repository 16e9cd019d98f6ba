import type { Records } from '../host/records.js'
import { type Advised, basisOf, told } from './advice.js'
import { checkRecipe } from './checkRecipe.js'
import { type RunLike, rowsIn, type SeenSymptom, symptomsIn, unseenIn } from './curves.js'
import { fitGap } from './fitGap.js'
import { moveRules, type Stage } from './moves.js'
import type { TrainingRecipe } from './recipe.js'
import { type Symptom, symptoms as texts } from './symptoms.js'

/** Something to try. */
export interface Move extends Advised {
  /** Its place: 1 is to be tried first. */
  readonly order: number
  readonly stage: Stage
  readonly code: string
  readonly move: string
  readonly why: string
  /** The symptoms that it is for. */
  readonly against: string
}

/** Options of `diagnose`. */
export interface DiagnoseOptions {
  /** How it was trained: moves then come with numbers, and those that make no sense are left out. Its `symptoms` count too. */
  recipe?: TrainingRecipe
  /** What was seen beside the curves. */
  symptoms?: readonly Symptom[]
  /** Shares that were right, from 0 to 1: for `fitGap`. */
  accuracy?: { train: number; validation: number }
}

/** What `diagnose` answers: moves in the order in which to try them, as a table. */
export interface Diagnosis extends Records<Move> {
  /** The main one first. */
  readonly symptoms: readonly SeenSymptom[]
  /** What to try first; undefined if nothing stands out. */
  readonly first: Move | undefined
  /** Curves that should be looked at together, and are not there. */
  readonly unseen: readonly string[]
}

function allSymptoms(
  run: RunLike,
  { recipe, symptoms = [], accuracy }: DiagnoseOptions,
): SeenSymptom[] {
  const said = [...symptoms, ...(recipe?.symptoms ?? [])].map((symptom) => {
    return { symptom, seen: 'as you said' }
  })
  const shown = symptomsIn(run)
  // Weights that are no numbers answer nothing rightly: that is no lack of fit.
  const broken = shown.some(({ symptom }) => symptom === 'not-finite')
  const gap = accuracy ? fitGap(accuracy) : 'neither'
  const measured =
    accuracy && gap !== 'neither' && !broken
      ? [{ symptom: gap, seen: `training ${accuracy.train}, validation ${accuracy.validation}` }]
      : []
  const all = [...shown, ...measured, ...said]
  return (Object.keys(texts) as Symptom[]).flatMap((symptom) => {
    const seen = all.find((one) => one.symptom === symptom)
    return seen ? [seen] : []
  })
}

/**
 * What goes wrong in a run, by its curves, and what to try in which order: the learning rate first, then numerical stability, the batch size, data and
 * loss, gradients, regularization; another optimizer last. One change at a time, and look again. Each row has its reason and what that rests on.
 * Tests     test/advisor/diagnose.test.ts
 * @throws RangeError or TypeError for symptoms that are none, accuracies that are no shares, and a recipe that cannot be
 * @example
 * const { rows } = diagnose([], {
 *   recipe: { optimizer: 'adam', lr: 0.1, batchSize: 8, precision: 'float16' },
 *   symptoms: ['oscillating'],
 * })
 * rows.map(({ stage }) => stage)   // ['learning rate', 'numerical stability', 'batch size', 'gradients', 'gradients', 'optimizer']
 */
export function diagnose(run: RunLike, options: DiagnoseOptions = {}): Diagnosis {
  const { recipe = {}, symptoms: said = [] } = options
  if (!Array.isArray(rowsIn(run)))
    throw new TypeError('diagnose: it takes a History, or a list of its rows')
  checkRecipe('diagnose', recipe)
  checkRecipe('diagnose', { symptoms: said })
  const symptoms = allSymptoms(run, options)
  const there = symptoms.map(({ symptom }) => symptom)
  const fitting = moveRules.filter(
    ({ for: own, unless = [], when }) =>
      own.some((symptom) => there.includes(symptom)) &&
      !unless.some((symptom) => there.includes(symptom)) &&
      (when?.(recipe) ?? true),
  )
  const moves = fitting.map(({ stage, code, move, why, source, evidence, ...rule }, k): Move => {
    const against = there.filter((symptom) => rule.for.includes(symptom)).join(', ')
    const what = { order: k + 1, stage, code, move: move(recipe), why, against }
    return { ...what, source, evidence }
  })
  const unseen = unseenIn(run)
  const seen = symptoms.map(({ symptom, seen }) => `${symptom} (${texts[symptom]}: ${seen})`)
  const caption = [
    seen.length > 0
      ? `Seen: ${seen.join('; ')}. To be tried in this order, one at a time`
      : 'Nothing stands out in these curves',
    ...(unseen.length > 0 ? [`Not looked at: ${unseen.join(', ')}`] : []),
  ].join('. ')
  const table = told(moves, {
    caption,
    line: (row) => `${row.order}. ${row.stage}: ${row.move}\n   ${row.why} (${basisOf(row)})`,
    columns: (row) => {
      const { order, stage, code, move, why } = row
      return { order, stage, code, move, why, 'rests on': basisOf(row) }
    },
  })
  return Object.assign(table, { symptoms, first: moves[0], unseen })
}
