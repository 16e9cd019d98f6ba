import type { Random } from '../checks/types.js'

/** Pixels of a row, and of a column. */
const side = 8
const spread = (random: Random, by: number): number => (2 * random() - 1) * by

const ink = (row: readonly number[], x: number, y: number): number =>
  x >= 0 && x < side && y >= 0 && y < side ? row[side * y + x]! : 0

/** The ink at a place between pixels, by its four neighbours; beyond the edge there is paper. */
function inkAt(row: readonly number[], x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [right, down] = [x - left, y - top]
  const above = (1 - right) * ink(row, left, top) + right * ink(row, left + 1, top)
  const below = (1 - right) * ink(row, left, top + 1) + right * ink(row, left + 1, top + 1)
  return (1 - down) * above + down * below
}

/** The picture as a linear map and a shift show it, both about its middle. */
function seenBy(
  row: readonly number[],
  [a, b, c, d]: readonly [number, number, number, number],
  [right, down]: readonly [number, number],
): number[] {
  const middle = (side - 1) / 2
  return Array.from(row, (_, k) => {
    const x = (k % side) - middle - right
    const y = Math.floor(k / side) - middle - down
    return inkAt(row, a * x + b * y + middle, c * x + d * y + middle)
  })
}

/**
 * Ways to change a picture of 8 × 8 pixels whose ink goes from 0 to 16: those that `augment` of a recipe names.
 * Tests     test/examples/augmentDigits.test.ts
 * @example digitAugmentations.mirror([...Array(63).fill(0), 16], () => 0)[56]   // 16
 */
export const digitAugmentations: Readonly<
  Record<
    'none' | 'shift' | 'jitter' | 'noise' | 'mirror',
    (row: readonly number[], random: Random) => readonly number[]
  >
> = {
  none: (row) => row,
  /** By a whole pixel, or none, in each direction. */
  shift: (row, random) =>
    seenBy(row, [1, 0, 0, 1], [Math.floor(3 * random()) - 1, Math.floor(3 * random()) - 1]),
  /** Turned, slanted, wider or taller, moved: each of them a little. */
  jitter(row, random) {
    const [turn, slant] = [spread(random, 0.17), spread(random, 0.17)]
    const [wide, tall] = [1 + spread(random, 0.1), 1 + spread(random, 0.1)]
    const map = [wide * Math.cos(turn), slant - Math.sin(turn), Math.sin(turn), tall] as const
    return seenBy(row, map, [spread(random, 0.5), spread(random, 0.5)])
  },
  noise: (row, random) => row.map((ink) => Math.min(16, Math.max(0, ink + spread(random, 4)))),
  /** Left and right exchanged, half of the time. */
  mirror: (row, random) => (random() < 0.5 ? seenBy(row, [-1, 0, 0, 1], [0, 0]) : row),
}
