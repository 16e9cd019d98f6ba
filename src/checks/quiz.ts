import { show } from '../backend/options.js'
import { type Records, records } from '../host/records.js'

/** A statement of a quiz: whether it is true, and what shows it. */
export interface Fact {
  readonly is: boolean
  readonly because: string
}

/** A line of a quiz's table. */
export interface QuizRow {
  /** Its number; statements count from 1. */
  statement: number
  'you said': boolean
  'it is': boolean
  because: string
}

/**
 * What a quiz's answers are worth: a table with your answer, the right one and why; the caption counts, and wrong answers are marked. The facts
 * are best computed from what ran before.
 * @throws TypeError for answers that are no list, or one that is neither true nor false; RangeError unless there is one for each fact
 * @example quiz([true], [{ is: 0.9 ** 10 < 0.5, because: `0.9¹⁰ = ${0.9 ** 10}` }])
 */
export function quiz(answers: readonly boolean[], facts: readonly Fact[]): Records<QuizRow> {
  if (!Array.isArray(answers))
    throw new TypeError(`quiz: the answers must be a list as [true, false], got ${show(answers)}`)
  for (const [k, answer] of answers.entries())
    if (typeof answer !== 'boolean')
      throw new TypeError(`quiz: answer ${k + 1} must be true or false, got ${show(answer)}`)
  if (answers.length !== facts.length)
    throw new RangeError(
      `quiz: there must be an answer for each of ${facts.length} statements, got ${answers.length}`,
    )
  const rows = facts.map(({ is, because }, k) => ({
    statement: k + 1,
    'you said': answers[k]!,
    'it is': is,
    because,
  }))
  const right = rows.filter((row) => row['you said'] === row['it is']).length
  return records(rows, {
    caption: `${right} of ${rows.length} right; the column "it is" is computed`,
    mark: (row, column) =>
      column === 'you said' && row[column] !== row['it is'] ? 'not so' : undefined,
  })
}
