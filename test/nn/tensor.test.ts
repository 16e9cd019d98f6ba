import { parameter, type Tensor, tensor } from 'downhill'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const gradient = (x: Tensor) => [...x.grad!.dataSync()]

test('x²', async () => {
  const x = parameter(2, { name: 'x' })
  const f = x.mul(x)
  f.backward()
  expect([await f.item(), f.itemSync()]).toEqual([4, 4])
  expect(gradient(x)).toEqual([4])
  expect(x.grad!.shape).toEqual([])
})

test('the valley x² + 50y², from scalars and from a vector', () => {
  const [x, y] = [parameter(3), parameter(2)]
  const f = x.square().add(y.square().mul(50))
  f.backward()
  expect([f.itemSync(), ...gradient(x), ...gradient(y)]).toEqual([209, 6, 200])
  const p = parameter([3, 2])
  const g = p.square().dot(tensor([1, 50]))
  g.backward()
  expect([g.itemSync(), ...gradient(p)]).toEqual([209, 6, 200])
})

describe('the gradient of each operation is its slope', () => {
  const value = fc.double({ min: 0.5, max: 2, noNaN: true })
  const operations: [string, (a: Tensor, b: Tensor) => Tensor][] = [
    ['add', (a, b) => a.add(b)],
    ['sub', (a, b) => a.sub(b)],
    ['mul', (a, b) => a.mul(b)],
    ['div', (a, b) => a.div(b)],
    ['neg', (a, b) => a.neg().mul(b)],
    ['square', (a, b) => a.square().mul(b)],
    ['abs', (a, b) => a.sub(3).abs().mul(b)],
    ['pow 3', (a, b) => a.pow(3).mul(b)],
    ['pow 2.5', (a, b) => a.pow(2.5).mul(b)],
    ['pow −1', (a, b) => a.pow(-1).mul(b)],
    ['add a number', (a, b) => a.add(3).mul(b)],
    ['mean', (a, b) => a.mul(b).mean()],
    ['a scalar beside a vector', (a, b) => a.sum().mul(b)],
    ['used twice', (a, b) => a.mul(b).add(a.mul(a))],
  ]
  test.each(operations)('%s', (_, operation) => {
    fc.assert(
      fc.property(fc.tuple(value, value, value, value), (numbers) => {
        const at = (values: number[]) => {
          const [a, b] = [parameter(values.slice(0, 2)), parameter(values.slice(2))]
          return { a, b, f: operation(a, b).sum() }
        }
        const { a, b, f } = at(numbers)
        f.backward()
        const h = 1e-5
        for (const [k, slope] of [...gradient(a), ...gradient(b)].entries()) {
          const moved = (by: number) =>
            at(numbers.map((x, i) => (i === k ? x + by : x))).f.itemSync()
          const estimate = (moved(h) - moved(-h)) / (2 * h)
          expect(Math.abs(slope - estimate)).toBeLessThanOrEqual(
            1e-6 * Math.max(1, Math.abs(slope)),
          )
        }
      }),
      { numRuns: 20 },
    )
  })
})

test('the slope of |a| is its sign, and 0 at 0', () => {
  const x = parameter([-2, 0, 3])
  const f = x.abs()
  f.sum().backward()
  expect([...f.dataSync()]).toEqual([2, 0, 3])
  expect(gradient(x)).toEqual([-1, 0, 1])
})

test('gradients add up until they are forgotten, and reach parameters alone', () => {
  const [x, c] = [parameter([1, 2]), tensor([3, 4])]
  x.mul(c).sum().backward()
  x.mul(c).sum().backward()
  expect(gradient(x)).toEqual([6, 8])
  expect(c.grad).toBeNull()
})

test('shapes', () => {
  expect(parameter(1).shape).toEqual([])
  expect(parameter([1, 2]).shape).toEqual([2])
  expect(parameter(new Float32Array([1, 2])).shape).toEqual([2])
  const matrix = parameter([
    [1, 2, 3],
    [4, 5, 6],
  ])
  expect([matrix.shape, matrix.size]).toEqual([[2, 3], 6])
  expect(parameter([1, 2, 3, 4], { shape: [2, 2] }).shape).toEqual([2, 2])
})

test('values read are a copy', async () => {
  const x = parameter([1, 2])
  x.dataSync()[0] = 9
  ;(await x.data())[1] = 9
  expect([...x.dataSync()]).toEqual([1, 2])
})

const x = parameter([1, 2], { name: 'x' })
test.each([
  [
    'two values',
    () => x.itemSync(),
    'itemSync: x [2] on reference has 2 values, not one; use data()',
  ],
  [
    'no scalar',
    () => x.backward(),
    'backward: x [2] on reference has 2 values, not one; use data()',
  ],
  ['a ragged matrix', () => tensor([[1, 2], [3]]), 'tensor: row 1 has 1 values, row 0 has 2'],
  [
    'a wrong shape',
    () => tensor([1, 2, 3], { shape: [2, 2] }),
    'tensor: shape [2, 2] holds 4 values, got 3',
  ],
  [
    'shapes that do not fit',
    () => x.add(tensor([1, 2, 3])),
    'x [2] on reference and tensor [3] on reference: shapes do not fit; counted from the last dimension, lengths must be equal, or one of them 1',
  ],
])('refuses %s', (_, call, message) => {
  expect(call).toThrow(new RangeError(message))
})

test('a sum over an epoch is no recursion', () => {
  const x = parameter([1, 2])
  let total = tensor(0)
  for (let k = 0; k < 20_000; k++) total = total.add(x.sum())
  total.backward()
  expect([...x.grad!.dataSync()]).toEqual([20_000, 20_000])
})

test('a shape is the tensor’s own', () => {
  const shape = [2, 1]
  const x = tensor([1, 2], { shape })
  shape.push(7)
  expect(x.shape).toEqual([2, 1])
})

test.each<[() => unknown, string]>([
  [
    () => tensor(undefined as never),
    'tensor: expected a number, a list or a matrix, got undefined',
  ],
  [() => tensor('12' as never), 'tensor: expected a number, a list or a matrix, got string'],
  [() => tensor([1, null] as never), 'tensor: value 1 is null, not a number'],
  [() => tensor([1, '2'] as never), 'tensor: value 1 is "2", not a number'],
  [() => tensor([[1, 2], 3] as never), 'tensor: row 1 is number, row 0 is a list'],
  [
    () => tensor([[[1], [2]]] as never),
    'tensor: value 0 is a list; more than two dimensions are a flat list and their shape, { shape: [2, 2, 2] }',
  ],
  [() => tensor([1, [2]] as never), 'tensor: value 1 is a list'],
  [
    () => tensor([1, 2, 3, 4], { shape: [-2, -2] }),
    'tensor: each length of a shape must be a whole number ≥ 0, got [-2, -2]',
  ],
  [
    () => tensor([1, 2, 3, 4], { shape: [0.5, 8] }),
    'tensor: each length of a shape must be a whole number ≥ 0, got [0.5, 8]',
  ],
  [
    () => tensor([1]).pow(undefined as never),
    'pow: the exponent must be a finite number, got undefined',
  ],
  [
    () => tensor([1]).add('1' as never),
    'tensor [1] on reference: expected a tensor or a number beside it, got string; tensor([…]) makes one of a list',
  ],
])('refuses what is no number %#', (make, message) => {
  expect(make).toThrow(message)
})
