import { biasCorrection } from 'downhill'
import { expect, test } from 'vitest'

test('W7: without correction m₁ = 0.1·g₁, and the first step is √10 times too long', async () => {
  const { corrected, uncorrected } = await biasCorrection()
  expect([corrected.length, uncorrected.length]).toEqual([20, 20])
  expect(uncorrected[0]!.m).toBeCloseTo(0.1 * 4, 14)
  expect((2 - corrected[0]!.x) / 0.01).toBeCloseTo(1, 7)
  expect((2 - uncorrected[0]!.x) / 0.01).toBeCloseTo(Math.sqrt(10), 5)
  // The averages themselves are the same rule's; only what is made of them differs.
  expect(corrected[0]!.m).toBe(uncorrected[0]!.m)
})
