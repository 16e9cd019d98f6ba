import type { Readable } from 'node:stream'

/** Calls `sink` with each JSON line of a stream. Chunks are joined once per line, so a 5 MB line costs one copy. */
export function readLines(stream: Readable, sink: (value: unknown) => void): void {
  let parts: Buffer[] = []
  stream.on('data', (chunk: Buffer) => {
    let from = 0
    for (;;) {
      const end = chunk.indexOf(10, from)
      if (end < 0) break
      parts.push(chunk.subarray(from, end))
      const line = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
      parts = []
      from = end + 1
      sink(JSON.parse(line.toString()))
    }
    if (from < chunk.length) parts.push(chunk.subarray(from))
  })
}
