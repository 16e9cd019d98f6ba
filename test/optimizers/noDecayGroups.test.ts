import { adamw, noDecayGroups, parameter } from 'downhill'
import { expect, test } from 'vitest'

const named = (name: string, shape: number[]) =>
  parameter(new Float64Array(shape.reduce((a, b) => a * b, 1)), { shape, name })

const params = [
  named('layer1.weight', [2, 3]),
  named('layer1.bias', [3]),
  named('encoder.norm1.weight', [1, 3]),
  named('embedding', [4, 2]),
  named('temperature', []),
  named('head.weight', [3, 2]),
  named('unbiased', [2, 2]),
]

test('splits by dimension and by name, and says why', () => {
  const { groups, rows } = noDecayGroups(params, { weightDecay: 0.1 })
  expect(rows).toEqual([
    { name: 'layer1.weight', shape: '[2, 3]', weightDecay: 0.1, because: '2 dimensions' },
    { name: 'layer1.bias', shape: '[3]', weightDecay: 0, because: 'its name has "bias"' },
    {
      name: 'encoder.norm1.weight',
      shape: '[1, 3]',
      weightDecay: 0,
      because: 'its name has "norm1"',
    },
    { name: 'embedding', shape: '[4, 2]', weightDecay: 0, because: 'its name has "embedding"' },
    { name: 'temperature', shape: '[]', weightDecay: 0, because: '0 dimensions' },
    { name: 'head.weight', shape: '[3, 2]', weightDecay: 0.1, because: '2 dimensions' },
    { name: 'unbiased', shape: '[2, 2]', weightDecay: 0.1, because: '2 dimensions' },
  ])
  const optimizer = adamw(groups, { lr: 0.1 })
  expect(optimizer.groups.map(({ params, weightDecay }) => [params.length, weightDecay])).toEqual([
    [3, 0.1],
    [4, 0],
  ])
})

test('names of one’s own, and no empty group', () => {
  const { groups } = noDecayGroups(params.slice(0, 1), { weightDecay: 0.1, names: /layer1/ })
  expect(groups.map(({ weightDecay }) => weightDecay)).toEqual([0])
})

test('refuses a decay that is none', () => {
  expect(() => noDecayGroups(params, { weightDecay: Number.NaN })).toThrow(
    new RangeError('noDecayGroups: weightDecay must be ≥ 0, got NaN'),
  )
})

test('a global expression misses no name', () => {
  const biases = [1, 2, 3].map((k) => parameter([[k]], { name: `${k}.bias` }))
  const { rows } = noDecayGroups(biases, { weightDecay: 0.1, names: /bias/g })
  expect(rows.map(({ weightDecay }) => weightDecay)).toEqual([0, 0, 0])
})
