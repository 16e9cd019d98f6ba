import { logSoftmax, parameter, softmax, tensor, useBackend } from 'downhill'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { expectGolden, goldenCases } from '../../support/golden.js'
import { float32Tol, type Matrix } from '../../support/layers.js'
import { expectSlopes } from '../../support/slopes.js'

afterEach(() => useBackend('reference'))

describe.each(['reference', 'simd'] as const)('on %s', (name) => {
  test.each(goldenCases('layers', 'nn/layers/softmax'))('PyTorch: $id', async (fixture) => {
    await useBackend(name)
    const tol = name === 'reference' ? fixture.tol : float32Tol
    const { dim = -1 } = (fixture.args ?? {}) as { dim?: number }
    const all = fixture as unknown as Record<string, Matrix>
    const kinds = { softmax: softmax({ axis: dim }), log_softmax: logSoftmax({ axis: dim }) }
    for (const [kind, layer] of Object.entries(kinds)) {
      if (!all[kind]) continue
      const x = parameter(all.x!.data, { shape: all.x!.shape })
      const y = layer(x)
      expectGolden(await y.data(), all[kind].data, tol, `${fixture.id}, ${kind}`)
      // Without a gradient of its own, the fixture has that of the first element.
      const first = y.size > 0 ? [1, ...new Array(y.size - 1).fill(0)] : []
      y.mul(tensor(all.grad_y?.data ?? first, { shape: y.shape }))
        .sum()
        .backward()
      const slope = all[`grad_x_${kind}`] ?? all.grad_x_of_first!
      expectGolden(await x.grad!.data(), slope.data, tol, `${fixture.id}, gradient of ${kind}`)
    }
  })
})

test('slopes along every axis', () => {
  const shape = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(
      shape.chain((one) =>
        fc.tuple(fc.constant(one), fc.integer({ min: -one.length, max: one.length - 1 })),
      ),
      ([one, axis]) => {
        expectSlopes((x) => x.softmax(axis), [one])
        expectSlopes((x) => x.logSoftmax(axis), [one])
      },
    ),
    { numRuns: 25 },
  )
})

test('rows sum to 1, however large the logits', () => {
  const y = tensor([
    [1000, 1000],
    [-1000, 3],
  ]).softmax()
  expect([...y.dataSync()]).toEqual([0.5, 0.5, 0, 1])
  expect(() => softmax({ axis: 2 })(tensor([1]))).toThrow(
    'softmax: shape [1] has axes -1 to 0, got 2',
  )
})
