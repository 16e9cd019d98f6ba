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

/** `length` numbers of the standard normal distribution, by Box and Muller: the same for the same seed, step and stream. */
export function normals(
  length: number,
  { seed, step, stream }: { seed: number; step: number; stream: number },
): Float64Array {
  const halves = (n: number): [number, number] => [n >>> 0, Math.floor(n / 2 ** 32)]
  const result = new Float64Array(length)
  const key = halves(seed)
  const [low, high] = halves(step)
  for (let k = 0; k < length; k += 2) {
    const [a, b, c, d] = philox([k / 2, stream, low, high], key)
    const radius = Math.sqrt(-2 * Math.log(1 - uniform(a, b)))
    const angle = 2 * Math.PI * uniform(c, d)
    result[k] = radius * Math.cos(angle)
    if (k + 1 < length) result[k + 1] = radius * Math.sin(angle)
  }
  return result
}
