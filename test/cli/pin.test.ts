import { expect, test } from 'vitest'
import { withSources } from '../../cli/pin.mjs'

test('writes the text of a method, an arrow, a function beside it', () => {
  const source = (code: string) => withSources(code)
  expect(source("defineOptimizer({ name: 'a', rule(p, g) { return [p - g] } })")).toBe(
    `defineOptimizer({ name: 'a', source: "rule(p, g) { return [p - g] }", rule(p, g) { return [p - g] } })`,
  )
  expect(source('defineSchedule({ rule: (t) => t ** 2 })')).toBe(
    'defineSchedule({ source: "(t) => t ** 2", rule: (t) => t ** 2 })',
  )
})

test('leaves alone what has a source, and every other call', () => {
  for (const code of [
    'defineSchedule({ source: "x", rule: (t) => t })',
    'define({ rule: (t) => t })',
    'defineOptimizer(other)',
  ])
    expect(withSources(code)).toBe(code)
})
