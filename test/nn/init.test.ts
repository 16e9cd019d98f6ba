import {
  fanInUniform,
  filled,
  heNormal,
  heUniform,
  linear,
  standardNormal,
  xavierNormal,
  xavierUniform,
} from 'downhill'
import { expect, test } from 'vitest'

const place = { seed: 1, step: 0, stream: 0 }
const shape = [200, 300]
const kernel = [40, 30, 5, 5]

/** Mean, standard deviation and largest size of the numbers. */
function figures(values: Float64Array) {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length
  return {
    mean,
    std: Math.sqrt(variance),
    largest: values.reduce((top, x) => Math.max(top, Math.abs(x)), 0),
  }
}

test.each<[string, Float64Array, number, number | undefined]>([
  ['heNormal', heNormal()(shape, place), Math.sqrt(2 / 300), undefined],
  ['heNormal, fan out', heNormal({ fan: 'out' })(shape, place), Math.sqrt(2 / 200), undefined],
  ['heNormal of a kernel', heNormal()(kernel, place), Math.sqrt(2 / 750), undefined],
  ['heUniform', heUniform()(shape, place), Math.sqrt(2 / 300), Math.sqrt(6 / 300)],
  [
    'heUniform, gain 1',
    heUniform({ gain: 1 })(kernel, place),
    Math.sqrt(1 / 750),
    Math.sqrt(3 / 750),
  ],
  ['xavierNormal', xavierNormal()(shape, place), Math.sqrt(2 / 500), undefined],
  [
    'xavierUniform',
    xavierUniform({ gain: 2 })(kernel, place),
    2 * Math.sqrt(2 / 1750),
    2 * Math.sqrt(6 / 1750),
  ],
  ['fanInUniform', fanInUniform(shape, place), Math.sqrt(1 / 900), Math.sqrt(1 / 300)],
  ['standardNormal', standardNormal(shape, place), 1, undefined],
])('%s has the mean, deviation and bound of PyTorch’s formula', (_, values, std, bound) => {
  const got = figures(values)
  // Five standard deviations of each estimate.
  expect(Math.abs(got.mean)).toBeLessThan((5 * std) / Math.sqrt(values.length))
  expect(Math.abs(got.std / std - 1)).toBeLessThan(5 / Math.sqrt(values.length))
  if (bound === undefined) return
  expect(got.largest).toBeLessThanOrEqual(bound)
  expect(got.largest).toBeGreaterThan(0.999 * bound)
})

test('filled fills; a layer takes it', () => {
  const [weight, bias] = linear(2, 3, { init: filled(0.5) }).parameters()
  expect([...weight!.dataSync()]).toEqual(new Array(6).fill(0.5))
  expect(bias!.dataSync().some((value) => value !== 0)).toBe(true)
})

test('refuses a gain that is none', () => {
  expect(() => heNormal({ gain: 0 })).toThrow('heNormal: gain must be > 0, got 0')
  expect(() => xavierUniform({ gain: Number.NaN })).toThrow(
    'xavierUniform: gain must be > 0, got NaN',
  )
})
