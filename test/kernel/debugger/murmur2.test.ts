import { expect, test } from 'vitest'
import { murmur2 } from '../../../kernel/debugger/murmur2.js'

/** By `murmur2_x86(text, 0xC70F6907)` of ipykernel 7.4. */
test.each([
  ['', 3990065800],
  ['a', 2167009006],
  ['ab', 2805137849],
  ['abc', 3350977461],
  ['abcd', 804720481],
  ['let x = 1', 719486033],
  ['interface A { x: number }\n\nconst a: A = { x: 1 }\na.x', 3388702855],
  ['// 😀 é\nconst π = 3', 2950376681],
])('the name of %j', (text, hash) => {
  expect(murmur2(text, 0xc70f6907)).toBe(hash)
})
