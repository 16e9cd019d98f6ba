import { earlyStopping, type Observation, parameter, useBackend } from 'downhill'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { move } from '../support/averages.js'

afterEach(() => useBackend('reference'))

const watch = (metrics: readonly number[], options = {}): Observation[] => {
  const stopping = earlyStopping(options)
  return metrics.map((metric) => stopping.observe(metric))
}

const improvements = (metrics: readonly number[], options = {}) =>
  watch(metrics, options).map(({ improved }) => improved)

describe('worked by hand', () => {
  test('patience counts observations in a row without improvement', () => {
    const seen = watch([5, 4, 4, 4.5, 3, 3.1, 3.2, 3.3], { patience: 3 })
    expect(seen.map(({ stop }) => stop)).toEqual([
      ...[false, false, false, false],
      ...[false, false, false, true],
    ])
    expect(seen.at(-1)).toEqual({ improved: false, stop: true, best: 3, bestStep: 4 })
  })

  test('patience 1 stops at the first that does not improve', () => {
    expect(watch([2, 1, 1], { patience: 1 }).map(({ stop }) => stop)).toEqual([false, false, true])
  })

  test('an improvement is more than minDelta, from the best', () => {
    expect(improvements([1, 0.75, 0.5, 0.375, 0.25], { minDelta: 0.25 })).toEqual([
      ...[true, false, true],
      ...[false, false],
    ])
    expect(watch([1, 0.9, 0.8, 0.7], { minDelta: 0.25 }).at(-1)!.bestStep).toBe(3)
  })

  test('max climbs', () => {
    expect(improvements([0.5, 0.6, 0.6, 0.7, 0.1], { mode: 'max' })).toEqual([
      ...[true, true, false],
      ...[true, false],
    ])
  })

  test('NaN never improves, and runs patience out', () => {
    const { NaN: nan } = Number
    expect(watch([nan, nan], { patience: 2 }).at(-1)).toEqual({
      improved: false,
      stop: true,
      best: Number.POSITIVE_INFINITY,
      bestStep: -1,
    })
    expect(watch([nan, 3, nan], { patience: 2 }).at(-1)).toMatchObject({ stop: false, best: 3 })
  })

  test('an improvement after the stop takes it back', () => {
    expect(watch([1, 2, 0], { patience: 1 }).map(({ stop }) => stop)).toEqual([false, true, false])
  })
})

test('it stops at the first observation that is patience after the best, and best is the running minimum', () => {
  const metrics = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(metrics, fc.integer({ min: 1, max: 8 }), (values, patience) => {
      for (const [k, { best, bestStep, stop }] of watch(values, { patience }).entries()) {
        const seen = values.slice(0, k + 1)
        expect(best).toBe(Math.min(...seen))
        expect(bestStep).toBe(seen.indexOf(best))
        expect(stop).toBe(k - bestStep >= patience)
      }
      const mirrored = watch(
        values.map((value) => -value),
        { patience, mode: 'max' },
      )
      expect(mirrored.map(({ stop }) => stop)).toEqual(
        watch(values, { patience }).map(({ stop }) => stop),
      )
    }),
  )
})

describe.each(['reference', 'gpu:cpu'] as const)('restoreBest on %s', (name) => {
  test('puts the best weights back when it stops, once', async () => {
    await useBackend(name)
    const w = parameter([0, 0])
    const stopping = earlyStopping({ patience: 2, restoreBest: true })
    const seen: number[][] = []
    for (const [k, metric] of [5, 3, 4, 4, 6].entries()) {
      move(w, [k, 10 * k])
      stopping.observe(metric, [w])
      seen.push([...(await w.data())])
    }
    expect(seen).toEqual([
      [0, 0],
      [1, 10],
      [2, 20],
      [1, 10],
      [4, 40],
    ])
    stopping.restore()
    expect([...(await w.data())]).toEqual([1, 10])
  })
})

test('the copy of the best weights is its own', () => {
  const w = parameter([1])
  const stopping = earlyStopping({ restoreBest: true })
  stopping.observe(1, [w])
  const loss = w.square().sum()
  stopping.observe(0.5, [w])
  loss.backward()
  expect(w.grad!.itemSync()).toBe(2)
  stopping.restore()
  stopping.observe(0.25, [w])
  expect(w.itemSync()).toBe(1)
})

test('without restoreBest nothing is restored', () => {
  const w = parameter([1])
  const stopping = earlyStopping({ patience: 1 })
  stopping.observe(1, [w])
  move(w, [2])
  expect(stopping.observe(2, [w]).stop).toBe(true)
  stopping.restore()
  expect(w.itemSync()).toBe(2)
})

test.each([
  [
    () => earlyStopping({ patience: 0 }),
    RangeError,
    'earlyStopping: patience must be a whole number ≥ 1, got 0',
  ],
  [
    () => earlyStopping({ patience: Number.NaN }),
    RangeError,
    'earlyStopping: patience must be a whole number ≥ 1, got NaN',
  ],
  [
    () => earlyStopping({ minDelta: -1 }),
    RangeError,
    'earlyStopping: minDelta must be ≥ 0, got -1',
  ],
  [
    () => earlyStopping({ mode: 'least' as never }),
    RangeError,
    'earlyStopping: mode must be "min" or "max", got "least"',
  ],
  [
    () => earlyStopping({ wait: 1 } as never),
    TypeError,
    'earlyStopping: there is no option "wait"; it takes patience, minDelta, mode, restoreBest',
  ],
  [
    () => earlyStopping().observe(parameter(1) as never),
    TypeError,
    'earlyStopping: the metric must be a number, got object; a tensor is read by await loss.item()',
  ],
  [
    () => earlyStopping({ restoreBest: true }).observe(1),
    TypeError,
    'earlyStopping: restoreBest needs the parameters: observe(metric, params)',
  ],
  [
    () => earlyStopping({ restoreBest: true }).observe(1, []),
    RangeError,
    'earlyStopping: there must be at least one parameter, got none',
  ],
])('refuses: %s', (call, kind, message) => {
  expect(call).toThrow(new kind(message))
})

describe('its state', () => {
  const seen = async (restoreBest: boolean) => {
    const w = parameter([1, 2], { name: 'w' })
    const stopping = earlyStopping({ patience: 3, restoreBest })
    stopping.observe(2, [w])
    stopping.observe(1, [w])
    w.replace(w.backend.write([5, 6]))
    stopping.observe(3, [w])
    return { stopping, state: JSON.parse(JSON.stringify(await stopping.stateDict())), w }
  }

  test('goes on as the first would have, weights included', async () => {
    const { state } = await seen(true)
    const w = parameter([7, 8])
    const other = earlyStopping({ patience: 3, restoreBest: true })
    other.loadStateDict(state, [w])
    expect(other.observe(1.5, [w])).toEqual({ improved: false, stop: false, best: 1, bestStep: 1 })
    expect([...w.dataSync()]).toEqual([7, 8])
    expect(other.observe(1.5, [w]).stop).toBe(true)
    expect([...w.dataSync()]).toEqual([1, 2])
  })

  test('before any improvement there is no best', async () => {
    const fresh = earlyStopping({ mode: 'max' })
    const state = await fresh.stateDict()
    expect(state).toMatchObject({ best: null, bestStep: -1, steps: 0, weights: [] })
    fresh.loadStateDict(state)
    expect(fresh.observe(-5).improved).toBe(true)
  })

  test('what does not fit is refused, and changes nothing', async () => {
    const { state, stopping, w } = await seen(true)
    const other = parameter([1, 2, 3])
    const wrong: [object, string][] = [
      [{ ...state, format: 'x' }, 'not the state of an early stopping'],
      [{ ...state, version: 2 }, 'version 1'],
      [{ ...state, bestStep: 3 }, 'the best of 3 observations cannot be 3'],
      [{ ...state, steps: -1 }, 'the best of -1 observations'],
      [{ ...state, best: null }, 'its best is null'],
      [{ ...state, weights: {} }, 'no list of weights'],
      [{ ...state, weights: [] }, 'restoreBest needs them'],
      [{ ...state, weights: [{ shape: [2], data: [1] }] }, 'must be 2 numbers'],
      [{ ...state, weights: [{ shape: [2], data: [1, '2'] }] }, 'must be 2 numbers'],
    ]
    for (const [given, message] of wrong)
      expect(() => stopping.loadStateDict(given as never, [w]), message).toThrow(message)
    expect(() => stopping.loadStateDict(state, [other])).toThrow('parameter 0 has shape [2] there')
    expect(() => stopping.loadStateDict(state, [w, other])).toThrow('1 weights, here are 2')
    expect(await stopping.stateDict()).toEqual(state)
  })
})
