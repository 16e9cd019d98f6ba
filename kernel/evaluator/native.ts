import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { drainMark } from './protocol.js'

/** Output that bypasses JavaScript (addons, child processes): text of fd 1 or 2, with our drain marks taken out. */
export class NativeOutput {
  readonly #token: string
  readonly #sink: (text: string) => void
  readonly #decoder = new StringDecoder('utf8')
  readonly #waiting = new Map<number, () => void>()
  #held = ''
  #drained = 0

  constructor(stream: Readable, token: string, sink: (text: string) => void) {
    this.#token = token
    this.#sink = sink
    stream.on('data', (chunk: Buffer) => this.#take(this.#decoder.write(chunk)))
  }

  /** Resolves when everything written before the mark of run `id` has reached the sink. */
  drained(id: number): Promise<void> {
    if (this.#drained >= id) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.set(id, resolve))
  }

  #take(text: string): void {
    this.#held += text
    const start = `\u0000${this.#token}:`
    for (;;) {
      const at = this.#held.indexOf(start)
      const end = at < 0 ? -1 : this.#held.indexOf('\u0000', at + start.length)
      if (end < 0) break
      this.#emit(this.#held.slice(0, at))
      this.#mark(Number(this.#held.slice(at + start.length, end)))
      this.#held = this.#held.slice(end + 1)
    }
    // What follows the last NUL may be the beginning of a mark; it waits for the next chunk.
    const nul = this.#held.lastIndexOf('\u0000')
    const longest = drainMark(this.#token, Number.MAX_SAFE_INTEGER).length
    const keep = nul >= 0 && this.#held.length - nul < longest ? nul : this.#held.length
    this.#emit(this.#held.slice(0, keep))
    this.#held = this.#held.slice(keep)
  }

  #emit(text: string): void {
    if (text !== '') this.#sink(text)
  }

  #mark(id: number): void {
    this.#drained = id
    this.#waiting.get(id)?.()
    this.#waiting.delete(id)
  }
}
