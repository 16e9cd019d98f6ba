import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { currentCell, isSilenced } from './cell.js'
import { emit } from './output.js'

/** Characters of one event: clients and ZeroMQ drop messages of some hundred megabytes. */
const most = 2 << 20

type Done = (error?: Error | null) => void

/**
 * process.stdout and process.stderr of a cell: text goes to fd 5, in order with displays. fd 1 and 2 stay native.
 * Nothing is left to Writable's own queue: an interrupt can end a write half-way, and the queue would wait for it forever.
 */
class CellStream extends Writable {
  readonly fd: number
  readonly #name: 'stdout' | 'stderr'

  constructor(name: 'stdout' | 'stderr') {
    super()
    this.#name = name
    this.fd = name === 'stdout' ? 1 : 2
  }

  override write(chunk: unknown, encoding?: BufferEncoding | Done, done?: Done): boolean {
    const cell = currentCell()
    if (!isSilenced(cell))
      for (const text of inPieces(asText(chunk, encoding)))
        emit({ type: 'stream', cell, name: this.#name, text })
    const finished = typeof encoding === 'function' ? encoding : done
    if (finished) process.nextTick(finished)
    return true
  }

  /** As Node's own: standard streams do not end. */
  override end(): this {
    return this
  }
}

/** Half a surrogate pair becomes U+FFFD, as in a file. */
function asText(chunk: unknown, encoding?: BufferEncoding | Done): string {
  const named = typeof encoding === 'string' ? encoding : undefined
  if (typeof chunk === 'string' && !named && !/[\ud800-\udfff]/.test(chunk)) return chunk
  const bytes = typeof chunk === 'string' ? Buffer.from(chunk, named) : (chunk as Uint8Array)
  return Buffer.from(bytes).toString()
}

const inPieces = (text: string): Iterable<string> => (text.length <= most ? [text] : cut(text))

/** No character is cut in two. */
function* cut(text: string): Generator<string> {
  for (let from = 0, to = 0; from < text.length; from = to) {
    to = from + most
    if (/[\ud800-\udbff]/.test(text[to - 1] ?? '')) to += 1
    yield text.slice(from, to)
  }
}

export function installStreams(): void {
  const stdout = new CellStream('stdout')
  const stderr = new CellStream('stderr')
  for (const [name, stream] of Object.entries({ stdout, stderr }))
    Object.defineProperty(process, name, { value: stream, configurable: true, writable: true })
  // A console of our own: Node's also feeds the inspector, which keeps the arguments of the last 1000 calls alive.
  // No write of ours fails, so none need be guarded.
  globalThis.console = new Console({ stdout, stderr, colorMode: false, ignoreErrors: false })
}
