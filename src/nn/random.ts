import type { RandomPlace } from '../backend/backend.js'
import { count } from '../backend/options.js'

type Words = readonly [number, number, number, number]

/** A seed: a whole number that a double holds exactly. */
export const seedOption = {
  ...count(),
  range: 'a whole number from 0 to 2⁵³ − 1',
  allows: (value: number) => Number.isSafeInteger(value) && value >= 0,
}

/** The upper half of the 64-bit product of two 32-bit words, by 16-bit halves: doubles hold no more than 53 bits. */
function highProduct(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16]
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const rest = aLow * bHigh + (middle % 0x10000)
  return aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(rest / 0x10000)
}

/**
 * Philox4x32-10: four 32-bit words for a counter of four and a key of two. There is no state: any number of a stream is found at once.
 * Source    Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"; also the generator of CUDA PyTorch and TensorFlow.
 */
export function philox([c0, c1, c2, c3]: Words, [k0, k1]: readonly [number, number]): Words {
  for (let round = 0; round < 10; round++) {
    const [high0, low0] = [highProduct(0xd2511f53, c0), Math.imul(0xd2511f53, c0) >>> 0]
    const [high1, low1] = [highProduct(0xcd9e8d57, c2), Math.imul(0xcd9e8d57, c2) >>> 0]
    ;[c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0]
    k0 = (k0 + 0x9e3779b9) >>> 0
    k1 = (k1 + 0xbb67ae85) >>> 0
  }
  return [c0, c1, c2, c3]
}

/** A number in [0, 1) with all of its 53 bits. */
const uniform = (a: number, b: number): number => ((a >>> 5) * 2 ** 26 + (b >>> 6)) / 2 ** 53

/** Where the streams of layers and of the data begin; parameters (gradient noise) count theirs from 0. */
export const streams = {
  layers: 2 ** 30,
  split: 2 ** 31,
  order: 2 ** 31 + 1,
  spirals: 2 ** 31 + 2,
} as const

/** The four words of each counter at a place: counter k is (k, stream, step). */
function blocksAt({ seed, step, stream }: RandomPlace): (k: number) => Words {
  const halves = (n: number): [number, number] => [n >>> 0, Math.floor(n / 2 ** 32)]
  const key = halves(seed)
  const [low, high] = halves(step)
  return (k) => philox([k, stream, low, high], key)
}

/** `length` numbers of the standard normal distribution, by Box and Muller: the same for the same seed, step and stream. */
export function normals(length: number, place: RandomPlace): Float64Array {
  const block = blocksAt(place)
  const result = new Float64Array(length)
  for (let k = 0; k < length; k += 2) {
    const [a, b, c, d] = block(k / 2)
    const radius = Math.sqrt(-2 * Math.log(1 - uniform(a, b)))
    const angle = 2 * Math.PI * uniform(c, d)
    result[k] = radius * Math.cos(angle)
    if (k + 1 < length) result[k + 1] = radius * Math.sin(angle)
  }
  return result
}

/** `length` numbers k/2²⁴ in [0, 1): a float32 holds each, so every backend sees the same. Number i is word i mod 4 of counter ⌊i/4⌋, without its low 8 bits. */
export function uniforms24(length: number, place: RandomPlace): Float64Array {
  const block = blocksAt(place)
  const result = new Float64Array(length)
  for (let k = 0; k < length; k += 4)
    for (const [i, word] of block(k / 4).entries())
      if (k + i < length) result[k + i] = (word >>> 8) / 2 ** 24
  return result
}

/** 0 … length − 1 in an order in which each of all orders is as likely (Fisher and Yates). Whole numbers alone: the same on every platform. */
export function permutation(length: number, place: RandomPlace): Uint32Array {
  const block = blocksAt(place)
  let drawn = 0
  let words: Words = [0, 0, 0, 0]
  const next = (): number => {
    if (drawn % 4 === 0) words = block(drawn / 4)
    return words[drawn++ % 4]!
  }
  /** A word modulo n favours small remainders unless the last, incomplete round of n is drawn again. */
  const below = (n: number): number => {
    const fair = 2 ** 32 - (2 ** 32 % n)
    let word = next()
    while (word >= fair) word = next()
    return word % n
  }
  const order = Uint32Array.from({ length }, (_, k) => k)
  for (let last = length - 1; last > 0; last--) {
    const other = below(last + 1)
    const held = order[last]!
    order[last] = order[other]!
    order[other] = held
  }
  return order
}
