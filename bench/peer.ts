import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** How a peer is started. */
export interface Command {
  program: string
  args: readonly string[]
  env?: Readonly<Record<string, string>>
}

/** What a peer answers: one of these, by what was asked (bench/peers/perf/README.md). */
export interface Answer {
  versions?: Record<string, string>
  /** Milliseconds a step; of `train`, of all its epochs. */
  ms?: number
  epochs?: number
  accuracy?: number
  values?: number[]
  /** Why it cannot. */
  none?: string
}

/** So long may one answer take; a peer that needs longer is ended, and says so in its column. */
const patience = 90_000

/** A child process that lives as long as the benchmark and answers one request at a time. */
export class Peer {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>
  /** Of the greeting. */
  versions: Record<string, string> = {}
  /** Why it ended, once it has. */
  #ended: string | undefined
  #last = ''

  private constructor({ program, args, env }: Command) {
    this.#child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#child.on('error', ({ message }) => this.#end(message))
    this.#child.stdin!.on('error', () => this.#end('it ended'))
    createInterface({ input: this.#child.stderr! }).on('line', (line) => {
      // Node says an error before the stack, Python after it.
      if (/^\w*Error\b/.test(line.trim()) || !/Error\b/.test(this.#last)) this.#last = line.trim()
    })
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]()
  }

  static async start(command: Command): Promise<Peer> {
    const peer = new Peer(command)
    const { versions = {} } = await peer.#next()
    peer.versions = versions
    return peer
  }

  /** Its answer; `{ none: reason }` from a peer that has ended. */
  async ask(request: object): Promise<Answer> {
    if (this.#ended !== undefined) return { none: this.#ended }
    this.#child.stdin!.write(`${JSON.stringify(request)}\n`)
    return await this.#next()
  }

  close(): void {
    this.#child.kill()
  }

  async #next(): Promise<Answer> {
    const limit = setTimeout(
      () => this.#end(`no answer for ${patience / 1000} s`, 'SIGKILL'),
      patience,
    )
    try {
      const { value, done } = await this.#lines.next()
      if (!done) return JSON.parse(value)
      // What it said last comes by another pipe, and may come later.
      await new Promise((resolve) => setTimeout(resolve, 100))
      this.#end(this.#last || 'it ended')
      return { none: this.#ended! }
    } finally {
      clearTimeout(limit)
    }
  }

  #end(reason: string, signal?: NodeJS.Signals): void {
    this.#ended ??= reason
    this.#child.kill(signal)
  }
}
