import { defineOptimizer, parameter, rate, trace } from 'downhill'
import { describe, expect, test } from 'vitest'

/** Five lines, as a learner would write them. */
const lazy = defineOptimizer({
  name: 'lazy',
  options: { lr: rate(0.1), decay: rate(0.5) },
  state: ['h'],
  rule(p, g, h, { lr, decay, t }) {
    const h1 = decay * h + Math.abs(g)
    const push = g > 0 ? h1 : -h1
    return [p - (lr / t) * push, h1]
  },
})

describe.each(['reference', 'gpu:webasm', 'gpu:cpu'] as const)(
  'an optimizer of one’s own on %s',
  (backend) => {
    test('steps, and shows its own names', async () => {
      const rows = await trace(lazy, { start: 1, gradient: (x) => 2 * x, steps: 2, backend })
      expect(Object.keys(rows[0]!)).toEqual(['t', 'g', 'h', 'push', 'x'])
      for (const [k, expected] of [
        { g: 2, h: 2, push: 2, x: 0.8 },
        { g: 1.6, h: 2.6, push: 2.6, x: 0.67 },
      ].entries())
        for (const [name, value] of Object.entries(expected))
          expect(rows[k]![name]).toBeCloseTo(value, 6)
    })
  },
)

test('maximize needs no line of the rule', async () => {
  const up = await trace(lazy, {
    start: 1,
    gradient: (x) => 2 * x,
    steps: 1,
    options: { maximize: true },
  })
  expect(up[0]).toEqual({ t: 1, g: 2, h: 2, push: -2, x: 1.2 })
})

test.each([
  [['a', 'b'], (p: number) => [p], 'odd: the rule must take p, g, a, b, { options }'],
  [[], (p: number, g: number) => [p, g], 'odd: the rule must return [p], got 2 values'],
])('refuses a rule that does not fit its state %s', (state, rule, message) => {
  const odd = defineOptimizer({ name: 'odd', options: {}, state: state as [], rule: rule as never })
  const x = parameter(1)
  x.square().backward()
  expect(() => odd([x]).step()).toThrow(new TypeError(message))
})

test('is named after its rule', () => {
  expect([lazy.name, lazy([parameter(1)]).name]).toEqual(['lazy', 'lazy'])
})
