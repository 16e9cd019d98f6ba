import { fourOptimizers, useBackend } from 'downhill'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

afterAll(() => useBackend('reference'))

describe('W8: four optimizers, one network, each at its own rate', () => {
  let walks: Awaited<ReturnType<typeof fourOptimizers>>

  beforeAll(async () => {
    await useBackend('simd')
    walks = await fourOptimizers({ epochs: 8 })
  }, 240_000)

  test('each rate is the best of those tried, and none at an end of its list', () => {
    for (const { lr, tried } of walks) {
      expect(tried.find((one) => one.lr === lr)!.loss).toBe(
        Math.min(...tried.map(({ loss }) => loss)),
      )
      expect(tried.slice(1, -1).map((one) => one.lr)).toContain(lr)
    }
  })

  test('all learn; the rates that suit them differ', () => {
    expect(walks.map(({ name }) => name)).toEqual(['sgd', 'momentum', 'rmsprop', 'adam'])
    for (const { train, validation } of walks) {
      expect([train.length, validation.length]).toEqual([8, 8])
      expect(validation.at(-1)).toBeLessThan(0.5)
      expect(train.at(-1)).toBeLessThan(train[0]! / 3)
    }
    const [plain, momentum, , adaptive] = walks.map(({ lr }) => lr)
    expect(plain).toBeGreaterThan(momentum!)
    expect(momentum).toBeGreaterThan(adaptive!)
  })
})

test('all start from the same weights: at rate 0 they stay together', async () => {
  const rates = { sgd: [0], momentum: [0], rmsprop: [0], adam: [0] }
  const still = await fourOptimizers({ rows: 120, epochs: 1, tuningEpochs: 1, rates })
  expect(new Set(still.map(({ train }) => train[0])).size).toBe(1)
})

test('the same seed gives the same numbers', async () => {
  const few = {
    rows: 120,
    epochs: 2,
    tuningEpochs: 1,
    rates: { sgd: [0.1], momentum: [0.01], rmsprop: [1e-3], adam: [1e-3] },
  }
  expect(await fourOptimizers(few)).toEqual(await fourOptimizers(few))
})
