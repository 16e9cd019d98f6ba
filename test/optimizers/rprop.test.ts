import { parameter, rprop, tensor } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { expectResumes } from '../support/laws.js'
import { libraryOf, torchNames, walkTape } from '../support/tapes.js'

const torch = libraryOf(
  { ...torchNames, etas: ['etaMinus', 'etaPlus'], step_sizes: ['minStep', 'maxStep'] },
  { prev: 'previous', step_size: 'step' },
)

const { tapes } = fixtures('optim_adaptive')

test.each(goldenCases('optim_adaptive', 'optimizers/rprop'))(
  'PyTorch, float64: $id',
  async (fixture) => {
    await walkTape(fixture, tapes[fixture.tape as string]!, rprop, torch)
  },
)

test('only signs count, however small or large the gradients are', () => {
  const sign = fc.constantFrom(-1, 0, 1)
  const size = fc.constantFrom(5e-324, 1e-200, 1e-5, 1, 1e300)
  const tape = fc.array(fc.tuple(sign, size), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(tape, (rows) => {
      const walk = (gradients: number[]) => {
        const x = parameter(1)
        const optimizer = rprop([x])
        for (const gradient of gradients) {
          x.grad = tensor(gradient)
          optimizer.step()
        }
        return x.itemSync()
      }
      expect(walk(rows.map(([s, magnitude]) => s * magnitude))).toBe(walk(rows.map(([s]) => s)))
    }),
  )
})

test('a saved run goes on to the same bits', async () => {
  await expectResumes((params) => rprop(params, { lr: 0.1 }))
})

test.each([
  [{ lr: -1 }, 'rprop: lr must be ≥ 0, got -1'],
  [{ etaMinus: 0 }, 'rprop: etaMinus must be > 0, got 0'],
  [{ etaMinus: 1 }, 'rprop: etaMinus must be < 1 and etaPlus > 1, got 1 and 1.2'],
  [{ etaPlus: 0.9 }, 'rprop: etaMinus must be < 1 and etaPlus > 1, got 0.5 and 0.9'],
  [{ minStep: 0.1, maxStep: 0.01 }, 'rprop: minStep must be ≤ maxStep (0.01), got 0.1'],
])('refuses %o', (options, message) => {
  expect(() => rprop([], options)).toThrow(new RangeError(message))
})
