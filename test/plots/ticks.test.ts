import { expect, test } from 'vitest'
import type { Axis } from '../../src/plots/figure.js'
import { isWide, ticksOf } from '../../src/plots/ticks.js'

const axis = (more: Partial<Axis> = {}): Axis => ({
  title: { text: 'x' },
  type: 'linear',
  exponentformat: 'none',
  ...more,
})
const log = axis({ type: 'log', exponentformat: 'power' })
/** The labels of an axis that says where they stand. */
function labels(of: Axis, range: [number, number]): string[] {
  const { ticks, tickFormat = String } = ticksOf(of, range, 8)
  return (ticks as number[]).map(tickFormat)
}

test('an axis of some powers of ten is labelled at these', () => {
  const { ticks, tickFormat } = ticksOf(log, [1e-4, 1e3], 8)
  expect(ticks).toBe(8)
  expect([1e-4, 0.01, 1, 100, 1e3, 2e3].map((value) => tickFormat!(value))).toEqual([
    '10⁻⁴',
    '0.01',
    '1',
    '100',
    '10³',
    '',
  ])
  expect([isWide([1, 100]), isWide([1, 99])]).toEqual([true, false])
})

test('a shorter one at 1, 2 and 5 as well, also where no power of ten lies in it', () => {
  expect(labels(log, [7, 520])).toEqual(['10', '20', '50', '100', '200', '500'])
  expect(labels(log, [0.002, 0.03])).toEqual(['0.002', '0.005', '0.01', '0.02'])
  expect(labels(log, [1500, 9000])).toEqual(['2,000', '5,000'])
  expect(labels(log, [2e-6, 5e-5])).toEqual(['2·10⁻⁶', '5·10⁻⁶', '1·10⁻⁵', '2·10⁻⁵', '5·10⁻⁵'])
  expect(ticksOf(log, [0.25, 0.3], 8).ticks).toBe(4)
})

test('few whole numbers have a label each; others as many as fit', () => {
  expect(labels(axis({ dtick: 1 }), [0.5, 5])).toEqual(['1', '2', '3', '4', '5'])
  expect(ticksOf(axis({ dtick: 1 }), [1, 2], 8).tickFormat).toBe(String)
  expect(ticksOf(axis(), [0, 1000], 8)).toEqual({ ticks: 8 })
})

test('tiny and huge numbers have a power of ten', () => {
  const { tickFormat } = ticksOf(axis({ exponentformat: 'power' }), [0, 1e-10], 8)
  expect([0, 1.2e-10, -3e7].map((value) => tickFormat!(value))).toEqual([
    '0',
    '1.2·10⁻¹⁰',
    '−3·10⁷',
  ])
})
