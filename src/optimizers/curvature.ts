/** One remembered step s and the difference y of gradients over it. */
interface Pair {
  s: Float64Array
  y: Float64Array
  rho: number
}

export const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, x, i) => sum + x * b[i]!, 0)

/** What L-BFGS remembers of the curvature: the last pairs (s, y), and the scale yᵀs/yᵀy of the newest. */
export class Curvature {
  #pairs: Pair[] = []
  #scale = 1

  constructor(readonly limit: number) {}

  /** Keeps a pair whose curvature is positive; the oldest goes when there are too many. */
  remember(s: Float64Array, y: Float64Array): void {
    const product = dot(y, s)
    if (product <= 1e-10) return
    if (this.#pairs.length === this.limit) this.#pairs.shift()
    this.#pairs.push({ s, y, rho: 1 / product })
    this.#scale = product / dot(y, y)
  }

  /** −H·g, by the two loops over the pairs: newest first, and back. */
  direction(gradient: Float64Array): Float64Array {
    const q = gradient.map((g) => -g)
    const along: number[] = []
    for (const [k, { s, y, rho }] of [...this.#pairs.entries()].reverse()) {
      along[k] = dot(s, q) * rho
      for (const [i, each] of y.entries()) q[i]! -= along[k]! * each
    }
    const r = q.map((each) => each * this.#scale)
    for (const [k, { s, y, rho }] of this.#pairs.entries()) {
      const back = dot(y, r) * rho
      for (const [i, each] of s.entries()) r[i]! += (along[k]! - back) * each
    }
    return r
  }

  /** Named lists, for a state: s0, y0, s1, … */
  save(): Record<string, number[]> {
    return Object.fromEntries(
      this.#pairs.flatMap(({ s, y }, k) => [
        [`s${k}`, [...s]],
        [`y${k}`, [...y]],
      ]),
    )
  }

  load(lists: Readonly<Record<string, readonly number[]>>): void {
    this.#pairs = []
    this.#scale = 1
    for (let k = 0; lists[`s${k}`] && lists[`y${k}`]; k++)
      this.remember(Float64Array.from(lists[`s${k}`]!), Float64Array.from(lists[`y${k}`]!))
  }
}
