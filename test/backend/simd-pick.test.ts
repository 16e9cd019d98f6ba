import { expect, test } from 'vitest'
import { Picks } from '../../src/backend/picks.js'
import { openBackend } from '../../src/backend/use.js'

const order = (length: number) => Array.from({ length }, (_, k) => length - 1 - k)

test('tables of picks leave the memory bounded, whether they are used once or many times', async () => {
  const simd = await openBackend('simd')
  const bytes = () => (simd as unknown as { bytes: number }).bytes
  const source = simd.write(order(10_000))
  const use = (picks: Picks) => simd.release(simd.pick(source, picks))
  use(Picks.of(order(10_000), 10_000))
  const before = bytes()
  for (let k = 0; k < 300; k++) use(Picks.of(order(10_000), 10_000))
  expect(bytes() - before).toBeLessThan(2 ** 20)
  const all = Array.from({ length: 600 }, () => Picks.of(order(10_000), 10_000))
  for (const picks of all) for (let k = 0; k < 3; k++) use(picks)
  // 600 tables of 40 kB are 24 MB; 16 MiB of them are kept, and the first, which were given up, are made anew.
  expect(bytes() - before).toBeLessThan(18 * 2 ** 20)
  const [first] = simd.readSync(simd.pick(source, all[0]!), '')
  expect(first).toBe(0)
})
