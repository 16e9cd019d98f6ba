import { readdirSync } from 'node:fs'
import {
  constant,
  lambda,
  multiplicative,
  product,
  type Schedule,
  sequence,
  table,
  warmupCosine,
} from 'downhill'
import { describe, expect, test } from 'vitest'
import { kernelSchedules } from '../support/kernelSchedules.js'

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

/** Relative to the largest rate; measured on webasm and cpu: 8.1e-7 for a wave far from its start, 5.8e-7 for a power of t, else 1.4e-7. */
const bound = 1e-6

describe.each(['simd', 'gpu:webasm', 'gpu:cpu'] as const)('as one kernel on %s', (backend) => {
  test.each([...kernelSchedules, ['a plain function', (t: number) => 1 / (1 + t)] as const])(
    `%s is within ${bound} of the reference`,
    async (_, schedule) => {
      const [ours, theirs] = [await table(schedule, 1000, { backend }), table(schedule, 1000)]
      expect(ours.map(({ step }) => step)).toEqual(theirs.map(({ step }) => step))
      const largest = Math.max(...theirs.map(({ rate }) => rate))
      const errors = ours.map(({ rate }, k) => Math.abs(rate - theirs[k]!.rate) / largest)
      expect(Math.max(...errors)).toBeLessThanOrEqual(bound)
    },
  )
})

test('compiled for the reference it is the function itself, to the last digits', async () => {
  for (const [name, schedule] of kernelSchedules) {
    const rows = await table(schedule, 1000, { backend: 'reference' })
    for (const { step, rate } of rows)
      expect(Math.abs(rate - schedule(step)), `${name} at ${step}`).toBeLessThanOrEqual(1e-15)
  }
})

test('no schedule is missing among them', () => {
  const helpers = ['combine', 'define', 'ease', 'named', 'origin', 'table']
  const noKernel = ['multiplicative', 'reduceOnPlateau']
  const files = readdirSync(new URL('../../src/schedules', import.meta.url))
    .map((file) => file.replace('.ts', ''))
    .filter((file) => !helpers.includes(file) && !noKernel.includes(file))
  expect([...new Set(kernelSchedules.map(([name]) => name))].sort()).toEqual(files.sort())
})

test('a function that needs something from outside cannot be compiled, and says what, and the way out', async () => {
  const peak = 0.1
  const outside: Schedule = (step) => peak / (1 + step)
  expect(table(outside, 1)[1]).toEqual({ step: 1, rate: 0.05 })
  for (const schedule of [outside, product(2, outside), lambda(outside)])
    await expect(table(schedule, 1, { backend: 'gpu:cpu' })).rejects.toThrow(
      /^schedule: "peak", which is neither an argument nor a const of the rule, is not supported, line 1[\s\S]*\nwithout \{ backend \} the table is computed as the function stands$/,
    )
})

test('a product over all steps has no kernel, and says so', async () => {
  const schedule = sequence([multiplicative(() => 0.9), 1], [5])
  expect(schedule.table([1])[0]!.rate).toBe(0.9)
  await expect(schedule.table(1, { backend: 'gpu:cpu' })).rejects.toThrow(
    new TypeError(
      'multiplicative: a product over all steps before is no closed form, so no kernel computes it; leave out { backend }',
    ),
  )
})

test.each([-1, 1.5, Number.NaN])('refuses step %s', (step) => {
  expect(() => table(warm, step)).toThrow(
    new RangeError(`table: a step must be a whole number ≥ 0, got ${step}`),
  )
})
