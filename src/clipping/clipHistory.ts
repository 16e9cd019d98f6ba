import type { Backend, DeviceArray } from '../backend/backend.js'
import { program } from '../backend/rule.js'

/** What a `ClipHistory` has counted. */
export interface ClipCounts {
  /** Calls so far. */
  calls: number
  /** Calls that made the gradients smaller. Near `calls`, the learning rate is too high rather than the limit too low. */
  clipped: number
  /** Calls that met a NaN or infinite norm; with "clip", a NaN or infinite gradient. */
  nonFinite: number
}

/** Counts what clipping did. The counts lie where the gradients are: counting reads nothing back. */
export class ClipHistory {
  #calls = 0
  #counts: { backend: Backend; clipped: DeviceArray; nonFinite: DeviceArray } | undefined

  /** @internal One call: the norm, the factor, and 1 where a gradient or the norm was not finite, else 0. */
  count(backend: Backend, norm: DeviceArray, factor: DeviceArray, nonFinite: DeviceArray): void {
    const {
      clipped,
      nonFinite: bad,
      ...counts
    } = this.#counts ?? {
      backend,
      clipped: backend.write([0]),
      nonFinite: backend.write([0]),
    }
    if (counts.backend !== backend)
      throw new TypeError(
        `clipHistory: it counts on ${counts.backend.name}, the gradients are on ${backend.name}; take one for each`,
      )
    const smaller = '(n, norm, factor) => [norm < Infinity ? (factor < 1 ? n + 1 : n) : n]'
    this.#counts = {
      backend,
      clipped: backend.map(program(smaller), [clipped, norm, factor])[0]!,
      nonFinite: backend.map(program('(n, one) => [n + one]'), [bad, nonFinite])[0]!,
    }
    this.#calls += 1
  }

  /** The counts so far. */
  async counts(): Promise<ClipCounts> {
    const read = async (name: 'clipped' | 'nonFinite') =>
      this.#counts ? (await this.#counts.backend.read(this.#counts[name]))[0]! : 0
    return {
      calls: this.#calls,
      clipped: await read('clipped'),
      nonFinite: await read('nonFinite'),
    }
  }
}

/**
 * A counter for `clipGradNorm`.
 * @example
 * const history = clipHistory()
 * clipGradNorm(params, 1, { nonFinite: 'skip', history })
 * await history.counts()   // { calls: 1, clipped: 1, nonFinite: 0 } where the norm was 5
 */
export const clipHistory = (): ClipHistory => new ClipHistory()
