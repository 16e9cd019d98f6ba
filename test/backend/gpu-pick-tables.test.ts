import { expect, test } from 'vitest'
import { pickTables } from '../../src/backend/gpu-pick-tables.js'
import { Picks, pickInto } from '../../src/backend/picks.js'
import { openBackend } from '../../src/backend/use.js'

/** An embedding of 500 rows in a batch of 20,000 tokens, of which a tenth is one word; what the gradient picks. */
const tokens = Array.from({ length: 20_000 }, (_, k) => (k % 10 === 0 ? 3 : (k * 7919) % 500))
const gradient = Picks.of(tokens, 500).transpose

test('a place with thousands of elements costs no memory at the others', () => {
  const tables = pickTables(gradient)
  expect(gradient.width).toBeGreaterThan(2000)
  expect(tables.every(({ width }) => width <= 64)).toBe(true)
  const numbers = tables.reduce((n, { starts, list }) => n + starts.length + list.length, 0)
  expect(numbers).toBeLessThan(1.2 * tokens.length)
})

test.each(['gpu:webasm', 'gpu:cpu'] as const)(
  '%s adds up what wide and empty places list',
  async (name) => {
    const backend = await openBackend(name)
    const values = tokens.map((_, k) => (k % 16) / 16)
    const expected = new Float64Array(500)
    pickInto(expected, values, gradient)
    expect(await backend.read(backend.pick(backend.write(values), gradient))).toEqual(expected)
  },
)

test('one element a place needs a list alone', () => {
  const [table, ...more] = pickTables(Picks.of([2, -1, 0, 2], 3))
  expect(more).toEqual([])
  expect(table!.width).toBe(1)
  expect([...table!.list]).toEqual([2, -1, 0, 2])
})
