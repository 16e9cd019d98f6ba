import { clipGradNorm, clipHistory, useBackend } from 'downhill'
import { afterEach, expect, test } from 'vitest'
import { withGradients } from '../support/gradients.js'

afterEach(() => useBackend('reference'))

test('a new one has counted nothing', async () => {
  expect(await clipHistory().counts()).toEqual({ calls: 0, clipped: 0, nonFinite: 0 })
})

test.each(['reference', 'simd', 'gpu:webasm', 'gpu:cpu'] as const)('counts on %s', async (name) => {
  await useBackend(name)
  const history = clipHistory()
  for (const grads of [[[3, 4]], [[0.1]], [[Number.NaN]], [[5], [Number.POSITIVE_INFINITY]]])
    clipGradNorm(withGradients(grads), 1, { history })
  expect(await history.counts()).toEqual({ calls: 4, clipped: 1, nonFinite: 2 })
})

test('one history counts on one backend', async () => {
  const history = clipHistory()
  clipGradNorm(withGradients([[1]]), 1, { history })
  await useBackend('gpu:cpu')
  expect(() => clipGradNorm(withGradients([[1]]), 1, { history })).toThrow(
    new TypeError(
      'clipHistory: it counts on reference, the gradients are on gpu: cpu; take one for each',
    ),
  )
})
