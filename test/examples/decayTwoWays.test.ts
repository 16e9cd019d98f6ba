import { decayTwoWays } from 'downhill'
import { expect, test } from 'vitest'

test('W6: with SGD, L2 and weight decay are the same', async () => {
  for (const { difference } of await decayTwoWays('sgd'))
    expect(Math.abs(difference)).toBeLessThan(1e-12)
})

test('W6: with Adam they differ, the more the larger √v̂', async () => {
  const rows = await decayTwoWays('adam')
  const roots = rows.map(({ rootVHat }) => rootVHat)
  expect(roots).toEqual([...roots].sort((a, b) => a - b))
  // AdamW decays every weight alike, beside the step; Adam's L2 hardly reaches the one with large gradients.
  const [small, , , large] = rows
  expect(Math.abs(large!.difference)).toBeGreaterThan(0.01)
  expect(small!.l2).toBeLessThan(large!.l2)
  expect(rows.map(({ decay }) => decay)).toEqual(rows.map(() => expect.closeTo(rows[0]!.decay, 4)))
})
