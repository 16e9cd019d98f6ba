/** JSON has no NaN, infinities and no −0: they are written as words. */
export const words: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
}

/** The word for a number that JSON has not; everything else as it is. */
export const toWord = (value: unknown): unknown => {
  if (typeof value !== 'number') return value
  if (Object.is(value, -0)) return '-0'
  return Number.isFinite(value) ? value : String(value)
}

/** Where a list lies among the bytes that follow a header. */
export interface Place {
  at: number
  length: number
  bits: number
}

export const isPlace = (value: unknown): value is Place => {
  const { length, bits } = (value ?? {}) as Partial<Place>
  return Number.isSafeInteger(length) && length! >= 0 && (bits === 32 || bits === 64)
}

/** Lists of numbers as bytes, one after the other, little-endian: as float32 where all of a list are float32 numbers, else as float64. */
export class FloatWriter {
  readonly #parts: Uint8Array[] = []
  /** Bytes so far. */
  length = 0

  place(list: ArrayLike<number>): Place {
    const values = Array.from(list)
    const single = values.every((value) => Object.is(Math.fround(value), value))
    const bytes = new Uint8Array(values.length * (single ? 4 : 8))
    const view = new DataView(bytes.buffer)
    for (const [k, value] of values.entries()) {
      if (single) view.setFloat32(4 * k, value, true)
      else view.setFloat64(8 * k, value, true)
    }
    this.#parts.push(bytes)
    const place = { at: this.length, length: values.length, bits: single ? 32 : 64 }
    this.length += bytes.length
    return place
  }

  /** The lists behind what comes before them. */
  after(...before: readonly Uint8Array[]): Uint8Array {
    const all = [...before, ...this.#parts]
    const result = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0))
    let offset = 0
    for (const part of all) {
      result.set(part, offset)
      offset += part.length
    }
    return result
  }
}

/** Reads lists in the order in which they were written: no file can ask for more memory than it has bytes. */
export class FloatReader {
  readonly #bytes: Uint8Array
  readonly #start: number
  readonly #refuse: (why: string) => never
  #next = 0

  /** The first list begins at `start`. */
  constructor(bytes: Uint8Array, start: number, refuse: (why: string) => never) {
    this.#bytes = bytes
    this.#start = start
    this.#refuse = refuse
  }

  read(name: string, { at, length, bits }: Place): number[] {
    const { buffer, byteOffset, byteLength } = this.#bytes
    const view = new DataView(buffer, byteOffset, byteLength)
    const width = bits / 8
    if (at !== this.#next) this.#refuse(`${name} lies at ${at}, where ${this.#next} comes next`)
    this.#next += length * width
    const from = this.#start + at
    if (from + length * width > byteLength)
      this.#refuse(`${name} needs ${from + length * width} bytes, there are ${byteLength}`)
    return Array.from({ length }, (_, k) =>
      width === 4 ? view.getFloat32(from + 4 * k, true) : view.getFloat64(from + 8 * k, true),
    )
  }

  /** Refuses bytes that nobody read. */
  end(what: string): void {
    const needed = this.#start + this.#next
    if (needed !== this.#bytes.length)
      this.#refuse(`${what} has ${needed} bytes, there are ${this.#bytes.length}`)
  }
}
