import { close, type Plain, type Student, type Verdict } from 'downhill'
import { field } from '../plain.js'

/** What a learner's `adamRun` is given. */
export interface Run {
  start: number[]
  rows: number[][]
  lr: number
  decay: number
  beta1: number
  beta2: number
  eps: number
}

/** Kingma & Ba 2015, Algorithm 1, on ½·‖w − row‖², unbroken: the weights after these steps. */
export function unbroken(run: Run, steps: number): number[] {
  const { rows, lr, decay, beta1, beta2, eps } = run
  const weights = run.start.map((w) => ({ w, m: 0, v: 0 }))
  for (let s = 0; s < steps; s++)
    for (const [i, one] of weights.entries()) {
      const g = one.w - rows[s % rows.length]![i]!
      one.m = beta1 * one.m + (1 - beta1) * g
      one.v = beta2 * one.v + (1 - beta2) * g * g
      const mHat = one.m / (1 - beta1 ** (s + 1))
      const vHat = one.v / (1 - beta2 ** (s + 1))
      one.w -= (lr * decay ** s * mHat) / (Math.sqrt(vHat) + eps)
    }
  return weights.map(({ w }) => w)
}

/** What the learner's function is asked for: plain copies, so that nothing of ours is changed. */
export const call = (student: Student, run: Run, steps: number, saved: Plain): Promise<Plain> =>
  student.call('adamRun', [
    { ...run, start: [...run.start], rows: structuredClone(run.rows) },
    steps,
    saved,
  ])

/** Room for each published place of ε. */
const loose = 1e-5

/** The learner's weights of a training without a break; the verdict says whether they are right. */
export async function whole(student: Student, run: Run, steps: number) {
  const weights = field(await call(student, run, steps, null), 'weights')
  return { weights, verdict: close(weights, unbroken(run, steps), { tolerance: loose }) }
}

const hint = 'Not yet about breaks: a training without one gives other weights. See "unbroken".'

/** Whether a training in pieces, each with another `start`, gives the weights that the learner's own gives without a break. */
export async function inPieces(
  student: Student,
  run: Run,
  pieces: readonly number[],
): Promise<Verdict> {
  const steps = pieces.reduce((sum, piece) => sum + piece, 0)
  const { weights, verdict } = await whole(student, run, steps)
  if (!verdict.ok) return { ...verdict, hint }
  let result: Plain
  let saved: Plain = null
  for (const [k, piece] of pieces.entries()) {
    const start = k === 0 ? run.start : run.start.map((w) => 7 - w / 2)
    result = await call(student, { ...run, start }, piece, saved)
    saved = field(result, 'saved')
    if (typeof saved !== 'string')
      return { ok: false, expected: 'saved: a string', got: `saved: a ${typeof saved}` }
  }
  return close(field(result, 'weights'), weights, { tolerance: 1e-12 })
}
