import { expect, test } from 'vitest'
import { distance, nearest } from '../../src/host/nearest.js'

test('insertions, deletions, replacements and swapped neighbours are one edit each', () => {
  expect(distance('adam', 'adam')).toBe(0)
  expect(distance('adm', 'adam')).toBe(1)
  expect(distance('adamm', 'adam')).toBe(1)
  expect(distance('edam', 'adam')).toBe(1)
  expect(distance('daam', 'adam')).toBe(1)
})

test('the nearest name, in any case, or none that is near enough', () => {
  const names = ['adam', 'adamw', 'sgd']
  expect(nearest('AdamW', names)).toBe('adamw')
  expect(nearest('newton', names)).toBeUndefined()
  expect(nearest('adams', names, 0)).toBeUndefined()
})
