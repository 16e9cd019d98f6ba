import type { Advised, Severity } from './advice.js'
import type { TrainingRecipe } from './recipe.js'

/** A rule of the linter. */
export interface RedFlag extends Advised {
  readonly severity: Severity
  readonly fix: string
  /** It asks for what a recipe does not say; `fit`, which cannot know it, leaves it out. */
  readonly asks?: true
  /** What is wrong with this recipe, with its numbers; undefined if nothing. */
  found(recipe: TrainingRecipe): string | undefined
}
