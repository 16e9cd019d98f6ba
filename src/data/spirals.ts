import { checkedOptions, nonNegative, period, positive } from '../backend/options.js'
import { normals, seedOption, streams } from '../nn/random.js'
import { Dataset } from './dataset.js'

/** Options of `spirals`. */
export interface Spirals {
  /** Of each of the two spirals. */
  points?: number
  /** How often each goes around the origin. */
  turns?: number
  /** The standard deviation of what is added to x and y. */
  noise?: number
  /** Another seed is other noise. */
  seed?: number
}

const spec = {
  points: period(100),
  turns: positive(1.5),
  noise: nonNegative(0.02),
  seed: { ...seedOption, default: 0 },
}

/**
 * Two spirals, one inside the other, half a turn apart: no line separates them, a small network with a hidden layer does.
 *   x = r·cos(2π·turns·r + π·class),  y = r·sin(2π·turns·r + π·class),  r = 1/points, 2/points, … 1
 * The rows take turns between the classes, from the origin outwards.
 * Source    After Lang & Witbrock 1988, "Learning to tell two spirals apart" (theirs turn three times).
 * Tests     test/data/spirals.test.ts
 * @throws RangeError for an option out of its range
 * @example const data = spirals({ points: 50, noise: 0.05, seed: 1 }); [data.length, data.features.length]; data.y.slice(0, 4)   // [0, 1, 0, 1]
 */
export function spirals(options: Spirals = {}): Dataset {
  const { points, turns, noise, seed } = checkedOptions('spirals', spec, options)
  const shifts = normals(4 * points, { seed, step: 0, stream: streams.spirals })
  const y = Array.from({ length: 2 * points }, (_, k) => k % 2)
  const x = y.map((label, k) => {
    const radius = (Math.floor(k / 2) + 1) / points
    const angle = 2 * Math.PI * turns * radius + Math.PI * label
    return [
      radius * Math.cos(angle) + noise * shifts[2 * k]!,
      radius * Math.sin(angle) + noise * shifts[2 * k + 1]!,
    ]
  })
  return new Dataset({
    name: 'spirals',
    x,
    y,
    features: ['x', 'y'],
    classes: ['first', 'second'],
    source: 'made by spirals()',
  })
}
