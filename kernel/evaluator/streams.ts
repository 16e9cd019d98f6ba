import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { currentCell, isSilenced } from './cell.js'
import { emit } from './output.js'

/** process.stdout and process.stderr of a cell: text goes to fd 5, in order with displays. fd 1 and 2 stay native. */
class CellStream extends Writable {
  readonly fd: number
  readonly #name: 'stdout' | 'stderr'

  constructor(name: 'stdout' | 'stderr') {
    super({ decodeStrings: false })
    this.#name = name
    this.fd = name === 'stdout' ? 1 : 2
  }

  override _write(
    chunk: string | Uint8Array,
    _encoding: string,
    done: (error?: Error | null) => void,
  ): void {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
    const cell = currentCell()
    if (!isSilenced(cell)) emit({ type: 'stream', cell, name: this.#name, text })
    done()
  }
}

export function installStreams(): void {
  const stdout = new CellStream('stdout')
  const stderr = new CellStream('stderr')
  for (const [name, stream] of Object.entries({ stdout, stderr }))
    Object.defineProperty(process, name, { value: stream, configurable: true, writable: true })
  // A console of our own: Node's also feeds the inspector, which keeps the arguments of the last 1000 calls alive.
  globalThis.console = new Console({ stdout, stderr, colorMode: false })
}
