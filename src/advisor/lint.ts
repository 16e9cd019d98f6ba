import type { Records } from '../host/records.js'
import { type Advised, basisOf, type Severity, severities, told } from './advice.js'
import { checkRecipe } from './checkRecipe.js'
import type { RedFlag } from './flag.js'
import { batchFlags } from './flags/batch.js'
import { habitFlags } from './flags/habit.js'
import { optimizerFlags } from './flags/optimizer.js'
import { rateFlags } from './flags/rate.js'
import { regularizerFlags } from './flags/regularizer.js'
import type { TrainingRecipe } from './recipe.js'

/** What a rule of the linter found. */
export interface Finding extends Advised {
  readonly severity: Severity
  /** The rule's name: "adam-decay". */
  readonly code: string
  /** What is there, with its numbers. */
  readonly found: string
  readonly why: string
  readonly fix: string
}

/** All rules of `lint`, most severe first, as they are: to be shown as a table, or tried one by one. */
export const redFlags: readonly RedFlag[] = bySeverity([
  ...optimizerFlags,
  ...rateFlags,
  ...batchFlags,
  ...regularizerFlags,
  ...habitFlags,
])

function bySeverity<Row extends { severity: Severity }>(rows: readonly Row[]): Row[] {
  return severities.flatMap((severity) => rows.filter((row) => row.severity === severity))
}

/** What these rules find in a recipe that was checked. */
export const findingsIn = (recipe: TrainingRecipe, rules: readonly RedFlag[]): Finding[] =>
  rules.flatMap(({ asks: _, found, severity, code, ...rule }) => {
    const what = found(recipe)
    return what === undefined ? [] : [{ severity, code, found: what, ...rule }]
  })

/** Findings as a table; its text has a paragraph for each. */
export const findingsTable = (rows: readonly Finding[], caption: string): Records<Finding> =>
  told(rows, {
    caption,
    line: (row) =>
      `${row.severity}  ${row.code}: ${row.found}\n  ${row.why}\n  Fix: ${row.fix}\n  (${basisOf(row)})`,
    columns: (row) => {
      const { severity, code, found, why, fix } = row
      return { severity, code, found, why, fix, 'rests on': basisOf(row) }
    },
  })

/**
 * Looks through a recipe for what often goes wrong: each finding has a code, how bad it is, what is there, why it matters, what to do, and what that
 * rests on. A rule of thumb may be wrong for you: then measure.
 * Tests     test/advisor/lint.test.ts
 * @throws RangeError or TypeError for a recipe that `recipeSchema` does not allow, with the place
 * @example lint({ optimizer: 'adam', lr: 0.1, lrTuned: true, batchSize: 64 }).rows.map(({ code }) => code)   // ['adam-rate-high']
 */
export function lint(recipe: TrainingRecipe): Records<Finding> {
  checkRecipe('lint', recipe)
  const rows = findingsIn(recipe, redFlags)
  const many = `${rows.length} thing${rows.length === 1 ? '' : 's'} to look at`
  return findingsTable(rows, rows.length === 0 ? 'No red flags' : many)
}
