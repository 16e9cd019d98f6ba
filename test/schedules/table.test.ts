import { constant, cosine, type Schedule, stepDecay, table, warmupCosine } from 'downhill'
import { describe, expect, test } from 'vitest'

const warm = warmupCosine({ peak: 0.001, warmup: 100, total: 1000 })

test('a number of steps means up to and including it', () => {
  const rows = table(warm, 1000)
  expect(rows.length).toBe(1001)
  expect(rows[0]).toEqual({ step: 0, rate: 0 })
  expect(rows[1000]).toEqual({ step: 1000, rate: 0 })
})

test('a list means these steps', () => {
  expect(table(constant(0.1), [7, 3])).toEqual([
    { step: 7, rate: 0.1 },
    { step: 3, rate: 0.1 },
  ])
})

/** Relative to the peak; measured 1.2e-7 on webasm and cpu. */
const bound = 1e-6

describe.each(['gpu:webasm', 'gpu:cpu'] as const)('as one kernel on %s', (backend) => {
  const schedules: [string, number, Schedule][] = [
    ['constant', 0.1, constant(0.1)],
    ['stepDecay', 0.1, stepDecay({ peak: 0.1, every: 10, gamma: 0.5 })],
    ['cosine', 0.1, cosine({ peak: 0.1, total: 900, floor: 0.01 })],
    ['warmupCosine', 0.001, warm],
    ['warmupCosine without warmup', 0.001, warmupCosine({ peak: 0.001, warmup: 0, total: 700 })],
    ['a plain function of the step', 1, (step) => 1 / (1 + step)],
  ]
  test.each(schedules)(`%s is within ${bound} of the reference`, async (_, peak, schedule) => {
    const [ours, theirs] = [await table(schedule, 1000, { backend }), table(schedule, 1000)]
    expect(ours.map(({ step }) => step)).toEqual(theirs.map(({ step }) => step))
    const errors = ours.map(({ rate }, k) => Math.abs(rate - theirs[k]!.rate) / peak)
    expect(Math.max(...errors)).toBeLessThanOrEqual(bound)
  })
})

test('a function that needs something from outside cannot be compiled, and says what', async () => {
  const peak = 0.1
  const outside: Schedule = (step) => peak / (1 + step)
  expect(table(outside, 1)[1]).toEqual({ step: 1, rate: 0.05 })
  await expect(table(outside, 1, { backend: 'gpu:cpu' })).rejects.toThrow(
    /^schedule: "peak", which is neither an argument nor a const of the rule, is not supported, line 1/,
  )
})

test.each([-1, 1.5, Number.NaN])('refuses step %s', (step) => {
  expect(() => table(warm, step)).toThrow(
    new RangeError(`table: a step must be a whole number ≥ 0, got ${step}`),
  )
})
