import { threeAdamSteps } from 'downhill'
import { expect, test } from 'vitest'

test('W1: one printed digit of 18 is off, and the trace says which', async () => {
  const { rows, computed, printed, differs } = await threeAdamSteps()
  expect(differs).toEqual([{ t: 2, column: 'vHat' }])
  expect([computed[1]!.vHat, printed[1]!.vHat]).toEqual(['15.9202', '15.9200'])
  // With v rounded as the text did, its digit comes out.
  expect((Number(rows[1]!.v!.toFixed(6)) / (1 - 0.999 ** 2)).toFixed(4)).toBe('15.9200')
  expect(rows.map(({ x }) => Math.abs(x - 2) / 0.01)).toEqual(
    [1, 2, 3].map((steps) => expect.closeTo(steps, 2)),
  )
})
