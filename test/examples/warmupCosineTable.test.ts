import { warmupCosineTable } from 'downhill'
import { expect, test } from 'vitest'

test('W3: every printed rate comes out to its last digit', () => {
  const rows = warmupCosineTable()
  expect(rows.map(({ step }) => step)).toEqual([0, 50, 100, 300, 700, 1000])
  for (const { computed, printed } of rows) expect(computed).toBe(printed)
})
