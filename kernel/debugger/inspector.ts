import type { DebugCall } from '../evaluator/protocol.js'

interface Waiting {
  resolve(result: never): void
  reject(error: Error): void
}

/** What V8 says: the answer to a call, or an event. */
export interface InspectorMessage {
  id?: number
  result?: object
  error?: { message: string }
  method?: string
  params?: object
}

/** Milliseconds that V8 has to answer; native code that blocks its thread keeps it from doing so. */
const patience = 10_000

/** V8's debugging protocol (CDP) to the evaluator's main thread, through its control worker. */
export class Inspector {
  readonly #waiting = new Map<number, Waiting>()
  readonly #send: (message: DebugCall) => void
  readonly #event: (method: string, params: object) => void
  #next = 1

  constructor(send: (message: DebugCall) => void, event: (method: string, params: object) => void) {
    this.#send = send
    this.#event = event
  }

  async call<T = object>(method: string, params: object = {}): Promise<T> {
    const id = this.#next++
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject })
        const late = () =>
          reject(new Error(`debugger: no answer to ${method} within ${patience / 1000} s`))
        timer = setTimeout(late, patience)
        this.#send({ id, method, params })
      })
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(id)
    }
  }

  receive({ id, result, error, method, params }: InspectorMessage): void {
    if (method) this.#event(method, params ?? {})
    if (id === undefined) return
    const waiting = this.#waiting.get(id)
    if (error) waiting?.reject(new Error(error.message))
    else waiting?.resolve((result ?? {}) as never)
  }

  /** The evaluator is gone, and with it what was asked. */
  abandon(): void {
    for (const { reject } of this.#waiting.values())
      reject(new Error('debugger: the process of the cells was replaced'))
  }
}
