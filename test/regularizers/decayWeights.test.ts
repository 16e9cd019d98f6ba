import { adam, adamw, decayWeights, l2Penalty, parameter, sgd, type Tensor, tensor } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectGolden } from '../support/golden.js'
import { numbers } from '../support/penalties.js'

const [lr, decay] = [0.05, 0.3]

/** Five steps along given gradients; `step` does what it has to with the gradient in place. */
function walk(start: number[], grads: number[][], step: (w: Tensor) => () => void): Float64Array {
  const w = parameter(start)
  const once = step(w)
  for (const grad of grads) {
    w.grad = tensor(grad)
    once()
  }
  return w.dataSync()
}

const tapes = fc.array(numbers(3), { minLength: 5, maxLength: 5 })

test('before Adam it is AdamW', () => {
  fc.assert(
    fc.property(numbers(3), tapes, (start, grads) => {
      const byHand = walk(start, grads, (w) => {
        const optimizer = adam([w], { lr })
        return () => {
          decayWeights([w], lr * decay)
          optimizer.step()
        }
      })
      const theirs = walk(start, grads, (w) => {
        const optimizer = adamw([w], { lr, weightDecay: decay })
        return () => optimizer.step()
      })
      expectGolden(byHand, theirs, 1e-13, 'weights')
    }),
  )
})

test('before SGD it is L2, but before Adam it is not', () => {
  const [start, grads] = [
    [1, -2, 3],
    [
      [0.5, -1, 2],
      [0.4, -3, 0.1],
    ],
  ]
  const both = (make: typeof sgd | typeof adam) => [
    walk(start, grads, (w) => {
      const optimizer = (make as typeof sgd)([w], { lr })
      return () => {
        decayWeights([w], lr * decay)
        optimizer.step()
      }
    }),
    walk(start, grads, (w) => {
      const optimizer = (make as typeof sgd)([w], { lr })
      return () => {
        l2Penalty([w], decay).backward()
        optimizer.step()
      }
    }),
  ]
  const [decayed, coupled] = both(sgd)
  expectGolden(decayed!, coupled!, 1e-15, 'weights')
  const [adamDecayed, adamCoupled] = both(adam)
  expect(Math.abs(adamDecayed![0]! - adamCoupled![0]!)).toBeGreaterThan(1e-3)
})

test('a frozen parameter keeps its weights', () => {
  const [w, frozen] = [parameter([2]), parameter([2])]
  frozen.requiresGrad = false
  decayWeights([w, frozen, w], 0.5)
  expect([w.itemSync(), frozen.itemSync()]).toEqual([1, 2])
})

test.each([
  [-0.1, 'decayWeights: the amount must be in [0, 1], got -0.1'],
  [1.1, 'decayWeights: the amount must be in [0, 1], got 1.1'],
  [Number.NaN, 'decayWeights: the amount must be in [0, 1], got NaN'],
  [0.1, 'decayWeights: there must be at least one parameter, got none'],
])('refuses the amount %s of no parameters', (amount, message) => {
  expect(() => decayWeights([], amount)).toThrow(new RangeError(message))
})
