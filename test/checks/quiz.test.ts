import { quiz } from 'downhill'
import { expect, test } from 'vitest'
import { displaySymbol } from '../../src/host/types.js'

const facts = [
  { is: true, because: 'it was seen' },
  { is: false, because: 'it was not' },
]

test('the caption counts, and what is wrong is marked', () => {
  const table = quiz([true, true], facts)
  expect(table.rows).toEqual([
    { statement: 1, 'you said': true, 'it is': true, because: 'it was seen' },
    { statement: 2, 'you said': true, 'it is': false, because: 'it was not' },
  ])
  expect(String(table).split('\n')[0]).toBe('1 of 2 right; the column "it is" is computed')
  const html = String(Object(table[displaySymbol]())['text/html'])
  expect(html.match(/<strong>.*?<\/td>/g)).toEqual(['<strong>true</strong> (not so)</td>'])
  expect(String(quiz([true, false], facts))).not.toContain('not so')
})

test('what cannot be counted is told', () => {
  expect(() => quiz([true], facts)).toThrow(
    new RangeError('quiz: there must be an answer for each of 2 statements, got 1'),
  )
  expect(() => quiz([true, 'no' as never], facts)).toThrow(
    new TypeError('quiz: answer 2 must be true or false, got "no"'),
  )
  expect(() => quiz(['true' as never, true], facts)).toThrow('got "true"')
  expect(() => quiz('true' as never, facts)).toThrow(
    new TypeError('quiz: the answers must be a list as [true, false], got "true"'),
  )
  expect(() => quiz([true, true, false], facts)).toThrow('each of 2 statements, got 3')
  expect(() => quiz([true, undefined as never], facts)).toThrow('answer 2 must be true or false')
})
