import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'

interface Message {
  id?: number
  method?: string
  params?: unknown
  result?: unknown
  error?: { code: number; message: string }
}

export interface RpcOptions {
  cwd: string
  env: NodeJS.ProcessEnv
}

interface Waiting {
  resolve(result: unknown): void
  reject(error: Error): void
}

const headerEnd = Buffer.from('\r\n\r\n')

/** A child process spoken to in JSON-RPC 2.0 with LSP's framing. Spec: LSP 3.17, base protocol. */
export class RpcProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #waiting = new Map<number, Waiting>()
  #received: Buffer = Buffer.alloc(0)
  #lastId = 0
  /** Why it ended; undefined while it runs. */
  #ended?: Error

  constructor(binary: string, args: string[], { cwd, env }: RpcOptions) {
    this.#child = spawn(binary, args, { cwd, env, stdio: ['pipe', 'pipe', 'ignore'] })
    this.#child.stdout.on('data', (chunk: Buffer) => this.#read(chunk))
    // A write to a server that just died; 'exit' tells the rest.
    this.#child.stdin.on('error', () => {})
    this.#child.on('error', (error) => this.#end(error))
    this.#child.on('exit', (code, signal) =>
      this.#end(new Error(`language server ended (${signal ?? `exit ${code}`})`)),
    )
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  get alive(): boolean {
    return this.#ended === undefined
  }

  /** Rejects when the server answers with an error or ends. It has no time limit of its own. */
  request(method: string, params: unknown): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended)
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#send({ id, method, params })
    })
  }

  notify(method: string, params: unknown): void {
    if (!this.#ended) this.#send({ method, params })
  }

  kill(): void {
    this.#end(new Error('language server stopped'))
    this.#child.kill('SIGKILL')
  }

  #end(reason: Error): void {
    this.#ended ??= reason
    for (const { reject } of this.#waiting.values()) reject(this.#ended)
    this.#waiting.clear()
  }

  #send(message: Message): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }

  #read(chunk: Buffer): void {
    this.#received = this.#received.length > 0 ? Buffer.concat([this.#received, chunk]) : chunk
    for (;;) {
      const end = this.#received.indexOf(headerEnd)
      if (end < 0) return
      const header = this.#received.toString('latin1', 0, end)
      const length = Number(/content-length: *(\d+)/i.exec(header)?.[1])
      const start = end + headerEnd.length
      if (!Number.isFinite(length)) {
        this.kill()
        return
      }
      if (this.#received.length < start + length) return
      const message = JSON.parse(this.#received.toString('utf8', start, start + length)) as Message
      this.#received = this.#received.subarray(start + length)
      this.#dispatch(message)
    }
  }

  #dispatch({ id, method, params, result, error }: Message): void {
    if (id === undefined) return
    if (method !== undefined) {
      // The server asks its client: settings (none), watchers and progress (accepted, not used).
      const none = method === 'workspace/configuration' ? emptySettings(params) : null
      this.#send({ id, result: none })
      return
    }
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error) waiting?.reject(new Error(`language server: ${error.message}`))
    else waiting?.resolve(result)
  }
}

function emptySettings(params: unknown): null[] {
  return ((params as { items?: unknown[] } | undefined)?.items ?? []).map(() => null)
}
