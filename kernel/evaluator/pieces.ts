interface Segment {
  out: number
  source: number
  length: number
}

/** A text made of ranges of another one, in any order, and of words of our own; maps each position back. */
export class Pieces {
  text = ''
  readonly #source: string
  readonly #segments: Segment[] = []

  constructor(source: string) {
    this.#source = source
  }

  copy(from: number, to: number): void {
    if (to <= from) return
    this.#segments.push({ out: this.text.length, source: from, length: to - from })
    this.text += this.#source.slice(from, to)
  }

  /** Words of our own; with `source` they stand for that position. */
  literal(text: string, source?: number): void {
    if (source !== undefined && text !== '')
      this.#segments.push({ out: this.text.length, source, length: 0 })
    this.text += text
  }

  /** 1-based line and column of the new text → offset in the old one; undefined for words of our own without a place. */
  sourceOffset(line: number, column: number): number | undefined {
    const offset = offsetOf(this.text, line, column)
    const segment = this.#segments.findLast(({ out }) => out <= offset)
    return segment && segment.source + Math.min(offset - segment.out, segment.length)
  }

  /** Offset in the old text → offset in the new one, of it or, where it was dropped, of what follows it. */
  outOffset(offset: number): number | undefined {
    let next: Segment | undefined
    for (const segment of this.#segments) {
      const { out, source, length } = segment
      if (source <= offset && offset < source + length) return out + offset - source
      if (source >= offset && (!next || source < next.source)) next = segment
    }
    return next?.out
  }
}

export function offsetOf(text: string, line: number, column: number): number {
  let start = 0
  for (let n = 1; n < line; n++) {
    const end = text.indexOf('\n', start)
    if (end < 0) break
    start = end + 1
  }
  return start + column - 1
}

/** Offset → 1-based line and column. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - lineStart + 1 }
}
