import { expect, test } from 'vitest'
import { plain } from '../../src/checks/plain.js'

test.each([
  [1],
  [Number.NaN],
  [-0],
  [Number.POSITIVE_INFINITY],
  ['text'],
  [true],
  [null],
  [undefined],
  [[1, [2, undefined]]],
  [{ a: { b: [1] } }],
  [new Float32Array([1, 2])],
  [new Float64Array([1, 2])],
])('copies %j', (value) => {
  expect(plain(value)).toEqual(value)
  if (typeof value === 'object' && value !== null) expect(plain(value)).not.toBe(value)
})

test('an object is worth what it holds, not what it claims', () => {
  const claims = { valueOf: 1, toString: 2 }
  expect(plain(Object.assign(Object.create({ inherited: 1 }), claims))).toEqual(claims)
  let reads = 0
  const shifting = Object.defineProperty({}, 'x', { enumerable: true, get: () => ++reads })
  expect(plain(shifting)).toEqual({ x: 1 })
  expect(plain(JSON.parse('{"__proto__": {"x": 1}}'))).not.toHaveProperty('x')
  expect(
    plain(
      new (class Row {
        x = 1
      })(),
    ),
  ).toEqual({ x: 1 })
})

const circle: unknown[] = []
circle.push(circle)
const endless = new Proxy([], { get: (_, key) => (key === 'length' ? 1e9 : 0) })

test.each([
  ['a function', () => 1],
  ['a symbol', Symbol('x')],
  ['a bigint', 1n],
  ['nested deeper than 20', circle],
  ['a value of more than', endless],
])('refuses %s', (message, value) => {
  expect(() => plain(value)).toThrow(TypeError)
  expect(() => plain({ value })).toThrow(message)
})
