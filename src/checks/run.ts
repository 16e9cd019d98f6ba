import { within } from '../host/within.js'
import { plain } from './plain.js'
import type { CheckResult, Exercise, ExerciseResult, Random, Student, Verdict } from './types.js'

export interface LocalOptions {
  /** Milliseconds until a promise that stays open counts as an error. A loop cannot be stopped from here: the kernel can. */
  patience?: number
}

/** A learner's functions in this very process, called with copies: a function that changes its arguments changes only its own. */
export function localStudent(
  functions: Readonly<Record<string, unknown>>,
  { patience = 10_000 }: LocalOptions = {},
): Student {
  return {
    async call(name, args) {
      const fn = Object.hasOwn(functions, name) ? functions[name] : undefined
      if (typeof fn !== 'function') throw new TypeError(`${name} is not a function here`)
      const answer: unknown = Reflect.apply(fn, undefined, args.map(plain))
      const late = (): never => {
        throw new Error(`the promise was still open after ${patience / 1000} s`)
      }
      return plain(await within(patience, answer, late))
    },
  }
}

/** Runs every check, each on its own: what one of them throws costs only that one. Never rejects. */
export async function runChecks(
  exercise: Exercise,
  student: Student,
  random: Random,
): Promise<ExerciseResult> {
  const checks: CheckResult[] = []
  for (const { name, rule, points: max, hint, test } of exercise.checks) {
    let verdict: Verdict
    try {
      verdict = await test(student, random)
    } catch (error) {
      verdict = { ok: false, expected: 'a result', got: errorLine(error) }
    }
    const points = verdict.ok ? max : 0
    const [expected, got] = [short(verdict.expected), short(verdict.got)]
    const row: CheckResult = { name, rule, points, max, ...verdict, expected, got }
    if (!verdict.ok && verdict.hint === undefined && hint !== undefined) row.hint = hint
    checks.push(row)
  }
  return {
    id: exercise.id,
    points: sum(checks.map((c) => c.points)),
    max: pointsOf(exercise),
    checks,
  }
}

export const pointsOf = (exercise: Exercise): number => sum(exercise.checks.map((c) => c.points))

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

const longest = 4000

/** What a check repeats may be a learner's text of millions of characters; nobody reads them, and each check would keep a copy. */
const short = (text: string): string =>
  text.length > longest ? `${text.slice(0, longest)} … (${text.length} characters)` : text

/** One line for anything thrown, even a value whose own conversion to text throws. */
function errorLine(error: unknown): string {
  try {
    const text =
      error instanceof Error ? `${error.name}: ${error.message}` : `threw ${String(error)}`
    return text.split('\n', 1)[0]!.slice(0, 200)
  } catch {
    return 'threw something that cannot be printed'
  }
}
