import { expect, test } from 'vitest'
import { fromCodePoints, positionAt, toCodePoints } from '../../../kernel/language/offsets.js'

test.each([
  ['abc', 2, 2],
  ['😀 x', 1, 2],
  ['😀 x', 3, 4],
  ['a😀b😀c', 4, 6],
  ['👩‍🚀.', 3, 5],
  ['é', 1, 1],
  ['', 0, 0],
])('%j: %i code points are %i UTF-16 units', (code, codePoints, units) => {
  expect(fromCodePoints(code, codePoints)).toBe(units)
  expect(toCodePoints(code, units)).toBe(codePoints)
})

test('an offset past the end is the end', () => {
  expect(fromCodePoints('😀', 9)).toBe(2)
  expect(toCodePoints('😀', 9)).toBe(1)
})

test('lines and columns', () => {
  expect(positionAt('ab\ncd\n', 0)).toEqual({ line: 0, character: 0 })
  expect(positionAt('ab\ncd\n', 2)).toEqual({ line: 0, character: 2 })
  expect(positionAt('ab\ncd\n', 4)).toEqual({ line: 1, character: 1 })
  expect(positionAt('ab\ncd\n', 6)).toEqual({ line: 2, character: 0 })
})
