import { Dataset, digits } from 'downhill'
import { expect, test } from 'vitest'
import { displaySymbol, inspectSymbol } from '../../src/host/types.js'

const small = new Dataset({
  name: 'small',
  x: [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  y: [0, 1, 1],
  features: ['a', 'b'],
  classes: ['no', 'yes'],
  source: 'Ada <ada@example.org>, CC BY 4.0',
})

test('rows are chosen in the order asked for, and all else stays', () => {
  const chosen = small.rows([2, 0])
  expect(chosen).toMatchObject({ x: [[5, 6], [1, 2]], y: [1, 0] }) // biome-ignore format: a table
  expect(chosen).toMatchObject({ features: ['a', 'b'], classes: ['no', 'yes'], name: 'small' })
  expect(chosen.source).toBe(small.source)
  expect(small.rows([]).length).toBe(0)
})

test('filter keeps the rows whose label is wanted, and the numbers of the classes', async () => {
  const low = (await digits()).filter((label) => label < 5)
  expect([low.length, low.classes.length, Math.max(...low.y)]).toEqual([901, 10, 4])
  expect(small.filter((_, row) => row > 0).y).toEqual([1, 1])
})

test('features are numbered where they have no names; without classes y is any number', () => {
  const measured = new Dataset({ x: [[1, 2]], y: [0.5] })
  expect([measured.features, measured.classes]).toEqual([['x0', 'x1'], []])
  expect(`${measured}`).toBe('dataset: 1 rows, 2 features')
})

test('a notebook shows the first rows with their classes, and the source', async () => {
  const bundle = await small[displaySymbol]()
  expect(bundle['text/plain']).toBe(`small: 3 rows, 2 features, 2 classes. Source: ${small.source}
  y  a  b
 no  1  2
yes  3  4
yes  5  6`)
  expect(bundle['text/html']).toContain('<th scope="col">a</th>')
  expect(bundle['text/html']).toContain('Ada &lt;ada@example.org&gt;, CC BY 4.0</caption>')
  expect(small[inspectSymbol]()).toBe(bundle['text/plain'])
})

test('of a large one it shows a corner', async () => {
  const lines = (await digits())[inspectSymbol]().split('\n')
  expect(lines).toHaveLength(7)
  expect(lines[1]!.trim().split(/ +/)).toEqual(['y', ...[0, 1, 2, 3, 4, 5, 6, 7].map((k) => `p${k}`), '…']) // biome-ignore format: one line
})

test.each([
  [{ x: [[1]], y: [1, 2] }, 'dataset: x has 1 rows, y has 2 values'],
  [{ x: [[1], [1, 2]], y: [1, 2] }, 'dataset: row 1 has 2 values, there are 1 features'],
  [
    { x: [[1, Number.NaN]], y: [1], name: 'mine' },
    'mine: "x1" of row 0 is NaN; leave such rows out, or put a number there',
  ],
  [
    { x: [[1]], y: [2], classes: ['a', 'b'] },
    'dataset: y of row 0 must be a class from 0 to 1, got 2',
  ],
  [
    { x: [[1]], y: [0.5], classes: ['a', 'b'] },
    'dataset: y of row 0 must be a class from 0 to 1, got 0.5',
  ],
  [{ x: [[1]], y: [Number.NaN] }, 'dataset: y of row 0 must be a finite number, got NaN'],
])('refused: %j', (parts, message) => {
  expect(() => new Dataset(parts)).toThrow(new RangeError(message))
})

test.each(['x', 'y'])('without %s it is refused', (name) => {
  const parts = { x: [[1]], y: [0], [name]: undefined } as never
  expect(() => new Dataset(parts)).toThrow(
    new TypeError(`dataset: ${name} must be a list, got undefined`),
  )
})

test('a row that there is not is refused', () => {
  expect(() => small.rows([0, 3])).toThrow(new RangeError('small: there is no row 3; there are 3'))
})
