import fc from 'fast-check'
import { expect, test } from 'vitest'
import { close, show } from '../../src/checks/close.js'
import type { Plain } from '../../src/checks/types.js'

const ok = (got: Plain, expected: Plain, tolerance?: number) =>
  close(got, expected, { tolerance }).ok

test('numbers are compared to tolerance · max(1, |expected|)', () => {
  expect(ok(1 + 9e-10, 1)).toBe(true)
  expect(ok(1 + 2e-9, 1)).toBe(false)
  expect(ok(1000.0005, 1000, 1e-6)).toBe(true)
  expect(ok(1000.002, 1000, 1e-6)).toBe(false)
  expect(ok(1e-7, 0, 1e-6)).toBe(true)
})

test.each<[Plain, Plain, boolean]>([
  [Number.NaN, Number.NaN, true],
  [Number.NaN, 1, false],
  [1, Number.NaN, false],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, true],
  [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, false],
  [1e308, Number.POSITIVE_INFINITY, false],
  [-0, 0, true],
  ['1', 1, false],
  [true, 1, false],
  [[1], 1, false],
  [null, 0, false],
  [undefined, 0, false],
  [[1, 2], [1, 2], true],
  [[1, 2, 3], [1, 2], false],
  [[1], [1, 2], false],
  [new Float64Array([1, 2]), [1, 2], true],
  [{ 0: 1, 1: 2 }, [1, 2], false],
  [[], {}, false],
  [{ x: 1, more: 2 }, { x: 1 }, true],
  [{}, { x: 1 }, false],
  [{ x: [{ y: 1 }] }, { x: [{ y: 1 }] }, true],
  ['a', 'a', true],
  ['a', 'b', false],
  [null, undefined, false],
])('close(%o, %o) is %s', (got, expected, result) => {
  expect(ok(got, expected)).toBe(result)
})

test('everything is close to itself, and no number to one far away', () => {
  const plain = fc.letrec<{ value: Plain }>((tie) => ({
    value: fc.oneof(
      fc.double(),
      fc.string(),
      fc.boolean(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
    ),
  })).value
  fc.assert(fc.property(plain, (value) => ok(value, value)))
  const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 })
  fc.assert(fc.property(number, (x) => !ok(x + 2 * Math.max(1, Math.abs(x)), x)))
})

test('a small difference is shown with all its digits, and by its place in a long value', () => {
  expect(close(1.00000001, 1)).toMatchObject({ ok: false, expected: '1', got: '1.00000001' })
  const long = Array.from({ length: 100 }, (_, i) => i)
  const wrong = long.map((x) => (x === 57 ? 58 : x))
  expect(close({ rows: wrong }, { rows: long })).toMatchObject({
    expected: 'rows[57] = 57',
    got: 'rows[57] = 58',
  })
  expect(close([[1], [2]], [[1], [3]])).toMatchObject({ expected: '[[1], [3]]', got: '[[1], [2]]' })
})

test('the hint comes with a failure only', () => {
  expect(close(1, 1, { hint: 'why' }).hint).toBeUndefined()
  expect(close(2, 1, { hint: 'why' }).hint).toBe('why')
})

test('show', () => {
  expect(show({ x: 1 / 3, y: ['a', null, -0] })).toBe('{ x: 0.3333333, y: ["a", null, 0] }')
  expect(show('x'.repeat(500)).length).toBe(120)
})

test('a difference beyond the digits shown is shown with every digit, alone', () => {
  const got = { w: 0.8000000001, v: 2 }
  expect(close(got, { w: 0.8 }, { tolerance: 1e-12 })).toEqual({
    ok: false,
    expected: 'w = 0.8',
    got: 'w = 0.8000000001',
  })
  expect(close({ w: 0.7, v: 2 }, { w: 0.8 })).toMatchObject({ got: '{ w: 0.7, v: 2 }' })
})
