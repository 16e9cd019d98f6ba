import type { Readable } from 'node:stream'

/** Calls `sink` with each line of a stream, without its end. Chunks are joined once per line, so a 5 MB line costs one copy. */
export function splitLines(stream: Readable, sink: (line: Buffer) => void): void {
  let parts: Buffer[] = []
  const lines: Buffer[] = []
  stream.on('data', (chunk: Buffer) => {
    let from = 0
    for (;;) {
      const end = chunk.indexOf(10, from)
      if (end < 0) break
      parts.push(chunk.subarray(from, end))
      lines.push(parts.length === 1 ? parts[0]! : Buffer.concat(parts))
      parts = []
      from = end + 1
    }
    if (from < chunk.length) parts.push(chunk.subarray(from))
    for (let line = lines.shift(); line; line = lines.shift()) sink(line)
  })
}

/**
 * Calls `sink` with each JSON line of a stream. What is no JSON is left out: where a termination ends this code or the
 * sink, parts of lines are missing.
 */
export function readLines(stream: Readable, sink: (value: unknown) => void): void {
  splitLines(stream, (line) => {
    const value = parsed(line)
    if (value !== undefined) sink(value)
  })
}

export function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString())
  } catch {
    return undefined
  }
}
