import {
  adam,
  adamw,
  decayTwoWays,
  diagnose,
  lint,
  misconceptions,
  type Symptom,
  sgd,
  trace,
} from 'downhill'
import { expect, test } from 'vitest'

/** What can be computed at once is; what needs runs over seeds is for the lessons. */
const claims: Record<string, () => void | Promise<void>> = {
  async 'adam-is-adamw'() {
    const rows = await decayTwoWays('adam')
    expect(rows.some(({ difference }) => Math.abs(difference) > 1e-3)).toBe(true)
  },
  async 'one-rate-for-all'() {
    const options = { start: 1, gradient: () => 1000, steps: 1, options: { lr: 0.001 } }
    expect(Math.abs(1 - (await trace(adam, options))[0]!.x)).toBeCloseTo(0.001)
    expect(Math.abs(1 - (await trace(sgd, options))[0]!.x)).toBeCloseTo(1)
  },
  async 'more-decay-more-fit'() {
    const fitted = async (weightDecay: number) => {
      const gradient = (w: number) => 2 * (w - 1)
      const options = { lr: 0.05, weightDecay }
      return (await trace(sgd, { start: 0, gradient, steps: 200, options })).at(-1)!.x
    }
    expect(Math.abs(1 - (await fitted(10)))).toBeGreaterThan(0.5)
    expect(Math.abs(1 - (await fitted(0.01)))).toBeLessThan(0.01)
  },
  async 'adaptive-needs-no-tuning'() {
    const end = async (lr: number) => {
      const options = { start: 2, gradient: (x: number) => 2 * x, steps: 100, options: { lr } }
      return Math.abs((await trace(adamw, options)).at(-1)!.x)
    }
    expect(await end(1e-4)).toBeGreaterThan(1.9)
    expect(await end(0.1)).toBeLessThan(0.1)
  },
  'defaults-are-best': () =>
    expect(lint({ optimizer: 'adamw' }).rows.map(({ code }) => code)).toContain('defaults-for-all'),
  'optimizer-is-to-blame'() {
    const symptoms: Symptom[] = ['not-decreasing']
    expect(diagnose([], { symptoms }).rows.at(-1)?.code).toBe('other-optimizer')
  },
  'clipping-cures': () =>
    expect(lint({ clipped: 1 }).rows.map(({ code }) => code)).toContain('clips-every-step'),
}

/** These are about whole trainings. */
const forLessons = [
  'paper-says-so',
  'sgd-is-outdated',
  'batch-changes-nothing',
  'faster-is-better',
  'one-seed-proves',
]

test.each(Object.entries(claims))('%s', (_, shows) => shows())

test('each has a code, a claim, what is true, and a way to measure it', () => {
  const codes = misconceptions.map(({ code }) => code)
  expect([...codes].sort()).toEqual([...Object.keys(claims), ...forLessons].sort())
  for (const one of misconceptions)
    expect(Object.values(one).every((text) => text.length > 10)).toBe(true)
})
