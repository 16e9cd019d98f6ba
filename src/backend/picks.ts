/**
 * For each place of a result, the elements of a source that are added up there: a sparse matrix of zeros and ones. It carries embeddings,
 * transposes, slices, repetition and the patches of a convolution; its transpose carries the gradient.
 */
export class Picks {
  #transpose: Picks | undefined

  /** Place k has list[starts[k]] … list[starts[k + 1] − 1]. */
  private constructor(
    /** Number of elements of the source. */
    readonly from: number,
    readonly starts: Int32Array,
    readonly list: Int32Array,
  ) {}

  /** One element for each place; −1 for none. */
  static of(indices: ArrayLike<number>, from: number): Picks {
    const starts = new Int32Array(indices.length + 1)
    const list: number[] = []
    for (let k = 0; k < indices.length; k++) {
      const index = indices[k]!
      if (!Number.isInteger(index) || index < -1 || index >= from)
        throw new RangeError(
          `pick: place ${k} asks for element ${index}; there are 0 to ${from - 1}`,
        )
      if (index >= 0) list.push(index)
      starts[k + 1] = list.length
    }
    return new Picks(from, starts, Int32Array.from(list))
  }

  /** Number of places. */
  get length(): number {
    return this.starts.length - 1
  }

  /** Which places each element of the source went to. */
  get transpose(): Picks {
    if (this.#transpose) return this.#transpose
    const starts = new Int32Array(this.from + 1)
    for (const index of this.list) starts[index + 1]! += 1
    for (let k = 0; k < this.from; k++) starts[k + 1]! += starts[k]!
    const next = starts.slice()
    const list = new Int32Array(this.list.length)
    for (let place = 0; place < this.length; place++)
      for (let k = this.starts[place]!; k < this.starts[place + 1]!; k++)
        list[next[this.list[k]!]!++] = place
    const made = new Picks(this.length, starts, list)
    made.#transpose = this
    this.#transpose = made
    return made
  }

  /** The most elements that one place has. */
  get width(): number {
    let width = 0
    for (let k = 0; k < this.length; k++)
      width = Math.max(width, this.starts[k + 1]! - this.starts[k]!)
    return width
  }
}

/** Refuses an array that is not what the picks were made for. */
export function checkPicks(array: { readonly length: number }, picks: Picks): void {
  if (array.length !== picks.from)
    throw new RangeError(`pick: made for ${picks.from} elements, got ${array.length}`)
}

/** Adds up on the host. */
export function pickInto(
  result: Float32Array | Float64Array,
  values: ArrayLike<number>,
  { starts, list }: Picks,
): void {
  for (let place = 0; place < result.length; place++) {
    let total = 0
    for (let k = starts[place]!; k < starts[place + 1]!; k++) total += values[list[k]!]!
    result[place] = total
  }
}
