import { radam, trace } from 'downhill'
import { describe, expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { libraryOf, optaxNames, torchNames, walkTape } from '../support/tapes.js'

const torch = libraryOf(
  { ...torchNames, decoupled_weight_decay: 'decoupled' },
  { exp_avg: 'm', exp_avg_sq: 'v' },
)
const optax = libraryOf(
  { ...optaxNames, nesterov: null, threshold: { is: 5 } },
  { mu: 'm', nu: 'v' },
  { epsAfterCorrection: true },
)

describe.each([
  ['PyTorch', 'optim_adam', goldenCases('optim_adam', 'optimizers/radam'), torch],
  ['Optax', 'optim_adaptive', goldenCases('optim_adaptive', 'optimizers/radam'), optax],
] as const)('%s, float64', (_, file, cases, library) => {
  const { tapes } = fixtures(file)
  test.each(cases)('$id', async (fixture) => {
    await walkTape(fixture, tapes[fixture.tape as string]!, radam, library)
  })
})

const walk = { start: 2, gradient: (x: number) => 2 * x - 1 }

test('the divisor is eased in: r is 0 for five steps, then rises towards 1', async () => {
  const r = (await trace(radam, { ...walk, steps: 3000 })).map((row) => row.r!)
  expect(r.slice(0, 5)).toEqual([0, 0, 0, 0, 0])
  for (const [k, value] of r.slice(6).entries()) {
    expect(value).toBeGreaterThan(r[k + 5]!)
    expect(value).toBeLessThan(1)
  }
  expect(r.at(-1)).toBeGreaterThan(0.9)
})

test.each([true, false])(
  'what is not a number stays on the host, whatever β₂ (ε after correction: %s)',
  async (epsAfterCorrection) => {
    for (const beta2 of [0, 0.5, 0.6, 2 / 3, 0.7, 0.99999]) {
      const options = { beta2, epsAfterCorrection }
      const rows = await trace(radam, { ...walk, steps: 8, options, backend: 'gpu:webasm' })
      for (const row of rows) expect(Object.values(row).every(Number.isFinite)).toBe(true)
    }
  },
)

test.each([
  [{ lr: Number.NaN }, RangeError, 'radam: lr must be ≥ 0, got NaN'],
  [{ beta1: -0.5 }, RangeError, 'radam: beta1 must be in [0, 1), got -0.5'],
  [{ beta2: 1 }, RangeError, 'radam: beta2 must be in [0, 1), got 1'],
  [{ eps: 0 }, RangeError, 'radam: eps must be > 0, got 0'],
  [{ epsAfterCorrection: 0 }, TypeError, 'radam: epsAfterCorrection must be true or false, got 0'],
])('refuses %o', (options, kind, message) => {
  expect(() => radam([], options as object)).toThrow(new kind(message))
})
