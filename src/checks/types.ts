/** Values that cross the border between the learner's process and a check: JSON, plus numbers JSON lacks and typed arrays. */
export type Plain =
  | null
  | undefined
  | boolean
  | number
  | string
  | Float64Array
  | Float32Array
  | Plain[]
  | { [key: string]: Plain }

/** The learner's code as a check sees it: named functions that take and return plain values. */
export interface Student {
  /** Calls the learner's function. Rejects with the learner's error, or with a time-out. */
  call(name: string, args: Plain[]): Promise<Plain>
}

/** Uniform numbers in [0, 1): seeded, so that a run can be repeated. */
export type Random = () => number

/** What a check says. */
export interface Verdict {
  ok: boolean
  /** Shown in the table beside `got`. A hidden check shows them too, unless the exercise says otherwise. */
  expected: string
  got: string
  /** What to look at, when not ok. */
  hint?: string
  /** Of a hidden check: the learner may read `expected` and `got`, since the check alone made them, and they give no input away. */
  open?: boolean
}

/** One check of an exercise. The same shape beside the learner's code and in the grader. */
export interface Check {
  /** Unique in its exercise: "first-step". */
  name: string
  points: number
  /** The line of the rule that this check tests, as the learner reads it: "m ← β₁·m + (1−β₁)·g". */
  rule: string
  /** What to look at when the verdict brings no hint of its own. Comes from the lesson's hints.md (`withHints`). */
  hint?: string
  /** Calls the learner's code with plain values, drawn from `random` where they are hidden, and judges what comes back. */
  test(student: Student, random: Random): Promise<Verdict>
}

/** One exercise: its contract in plain values, and its checks. `visible.ts` and `hidden.ts` each define one of the same id. */
export interface Exercise {
  /** Also the nbgrader grade_id of its check cell: "adam-step". */
  id: string
  /** The function that the learner writes: "adamStep". `check(id, fn)` gives it this name. */
  functionName: string
  checks: readonly Check[]
}

/** What became of one check. `ok: false` with `points: 0`, or `ok: true` with all of them. */
export interface CheckResult extends Verdict {
  name: string
  rule: string
  points: number
  max: number
}

/** What became of one exercise. The same shape inside the learner's process and in the grader. */
export interface ExerciseResult {
  id: string
  points: number
  max: number
  checks: readonly CheckResult[]
  /** What the learner should know besides: that a newer version of the function did not run. */
  note?: string
}
