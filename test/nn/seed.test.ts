import { initialize, linear, manualSeed, relu, sequential, useBackend } from 'downhill'
import { afterEach, expect, test } from 'vitest'

afterEach(async () => {
  manualSeed(0)
  await useBackend('reference')
})

const model = () => sequential(linear(3, 4), relu(), linear(4, 2))

test('a seed gives the same weights each time, another seed others', async () => {
  manualSeed(5)
  const first = await model().stateDict()
  const second = await model().stateDict()
  manualSeed(5)
  expect(await model().stateDict()).toEqual(first)
  expect(second).not.toEqual(first)
  manualSeed(6)
  expect(await model().stateDict()).not.toEqual(first)
})

test('layers of one size differ; one with a seed of its own does not count', async () => {
  const [a, b] = [await linear(3, 3).stateDict(), await linear(3, 3).stateDict()]
  expect(a).not.toEqual(b)
  expect(await linear(3, 3, { seed: 7 }).stateDict()).toEqual(
    await linear(3, 3, { seed: 7 }).stateDict(),
  )
  expect(await linear(3, 3, { seed: 7 }).stateDict()).not.toEqual(
    await linear(3, 3, { seed: 8 }).stateDict(),
  )
})

test('initialize draws all anew, the same for the same seed and as manualSeed does', async () => {
  const one = model()
  initialize(one, { seed: 5 })
  const state = await one.stateDict()
  initialize(one, { seed: 6 })
  expect(await one.stateDict()).not.toEqual(state)
  initialize(one, { seed: 5 })
  expect(await one.stateDict()).toEqual(state)
  manualSeed(5)
  expect(await model().stateDict()).toEqual(state)
})

test('simd draws what the reference draws, in float32', async () => {
  const truth = await linear(20, 30, { seed: 3 }).stateDict()
  await useBackend('simd')
  const own = await linear(20, 30, { seed: 3 }).stateDict()
  expect(own.weight!.data).toEqual(truth.weight!.data.map(Math.fround))
})

test('refuses what is no seed', () => {
  expect(() => manualSeed(-1)).toThrow(
    'manualSeed: the seed must be a whole number from 0 to 2⁵³ − 1, got -1',
  )
  expect(() => initialize(model(), { seed: 0.5 })).toThrow('initialize: seed must be')
})
