import { Child } from './child.js'
import type {
  Answer,
  CommRequest,
  DebugCall,
  EvaluatorEvent,
  EvaluatorRequest,
  Failure,
  OutputEvent,
  RunAnswer,
  RunRequest,
} from './protocol.js'

type Without<T, K extends keyof never> = T extends unknown ? Omit<T, K> : never
export type Ask = Without<Exclude<EvaluatorRequest, CommRequest>, 'id'>

interface Pending {
  id: number
  resolve(answer: Answer): void
  reject(error: EvaluatorDied): void
}

/** The evaluator process ended while it had something to do; all variables are lost. */
export class EvaluatorDied extends Error {
  override name = 'EvaluatorDied'
}

/** Milliseconds that a cell has to end after an interrupt before its process is replaced. */
const grace = 3000

export interface SupervisorOptions {
  output(event: OutputEvent): void
  /** A page may open comms to this target. */
  target(name: string): void
  /** The process ended, and its comms with it; `cell` ran last. */
  gone(cell: number): void
  /** V8's debugger says something. */
  debug(message: object): void
  /** A new process took the place of the old one. */
  replaced(): void
  /** State was lost outside of a request; `cell` ran last. */
  died(reason: string, cell: number): void
}

/** Keeps one evaluator process alive, hands it one request at a time, and replaces it when it dies or does not let go. */
export class Supervisor {
  /** Undefined after a process that never got ready: the next request tries again, so that nothing spins. */
  #child: Child | undefined
  #ready = false
  #pending: Pending | undefined
  /** Comm messages on their way: they do not wait for the request that is pending. */
  readonly #comms = new Map<number, () => void>()
  #cell = 0
  #next = 1
  #interrupt: { id: number; timer: NodeJS.Timeout } | undefined
  #killedFor: string | undefined
  #closed = false
  #interruptions = 0
  #turn: Promise<unknown> = Promise.resolve()
  #runs = 0
  readonly #options: SupervisorOptions

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#child = this.#spawn()
  }

  /** Runs a cell, after those of other subshells; `started` gets the id that its output events carry. */
  async run(request: Omit<RunRequest, 'id' | 'type'>, started: (id: number) => void) {
    this.#runs += 1
    try {
      return await this.#inTurn(() => this.#run(request, started))
    } finally {
      this.#runs -= 1
    }
  }

  async #run(request: Omit<RunRequest, 'id' | 'type'>, started: (id: number) => void) {
    const { id, answer } = this.#ask({ type: 'run', ...request })
    this.#cell = id
    started(id)
    return (await answer) as RunAnswer
  }

  /** Whether a cell runs or waits to: a question would have to wait as long. */
  get busy(): boolean {
    return this.#runs > 0
  }

  async ask<T extends Answer['type']>(request: Ask & { type: T }) {
    const answer = await this.#inTurn(() => this.#ask(request).answer)
    // An interrupt ends any request as it ends a cell.
    if (answer.type !== request.type) throw new Error('the request was interrupted')
    return answer as Extract<Answer, { type: T }>
  }

  /** Hands over a message on a comm, also while a cell runs; resolves when its handlers were called, or died. */
  comm(request: Omit<CommRequest, 'id' | 'type'>, started: (id: number) => void): Promise<void> {
    const id = this.#next++
    started(id)
    this.#child ??= this.#spawn()
    this.#child.send({ type: 'comm', id, ...request })
    return new Promise((resolve) => this.#comms.set(id, resolve))
  }

  /** Terminate, then reject what is awaited, then replace the process: the evaluator does the first two. */
  interrupt(): void {
    this.#interruptions += 1
    const id = this.#pending?.id ?? 0
    this.#child?.control({ type: 'interrupt', id })
    if (this.#interrupt?.id === id) return
    this.#calm()
    const timer = setTimeout(() => {
      this.#interrupt = undefined
      this.#killedFor = `the cell did not stop within ${grace / 1000} s of the interrupt, its process was replaced`
      this.#child?.kill()
    }, grace)
    this.#interrupt = { id, timer }
  }

  /** How often it was interrupted: a cell that is still being checked has nothing here that could be stopped. */
  get interruptions(): number {
    return this.#interruptions
  }

  input(value: string): void {
    this.#child?.control({ type: 'input', value })
  }

  /** Takes a message to V8's debugger, which answers whatever the cell is doing. */
  debug(message: DebugCall): void {
    this.#child?.control({ type: 'debug', message })
  }

  close(): void {
    this.#closed = true
    this.#calm()
    this.#child?.kill()
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => {})
    return turn
  }

  #ask(request: Ask): { id: number; answer: Promise<Answer> } {
    const id = this.#next++
    const answer = new Promise<Answer>((resolve, reject) => {
      this.#pending = { id, resolve, reject }
    })
    if (!this.#child) {
      this.#child = this.#spawn()
      this.#options.replaced()
    }
    this.#child.send({ ...request, id } as EvaluatorRequest)
    return { id, answer }
  }

  #spawn(): Child {
    this.#ready = false
    const child: Child = new Child({
      event: (event) => child === this.#child && this.#event(event),
      debug: (message) => child === this.#child && this.#options.debug(message),
      native: (name, text) =>
        this.#options.output({ type: 'stream', cell: this.#cell, name, text }),
      exit: (reason) => child === this.#child && this.#exit(reason),
    })
    return child
  }

  #event(event: EvaluatorEvent): void {
    if (event.type === 'ready') this.#ready = true
    else if (event.type === 'target') this.#options.target(event.name)
    else if (event.type === 'handled') {
      this.#comms.get(event.id)?.()
      this.#comms.delete(event.id)
    } else if (event.type === 'interrupted') {
      // With a request to end, its answer is what counts.
      if (event.id === 0) this.#calm(0)
    } else if (event.type === 'done') {
      if (this.#pending?.id !== event.id) return
      const { resolve } = this.#pending
      this.#pending = undefined
      this.#calm(event.id)
      resolve(event.answer)
    } else this.#options.output(event)
  }

  /** The interrupt of request `id`, or any, has done its work. */
  #calm(id = this.#interrupt?.id): void {
    if (!this.#interrupt || this.#interrupt.id !== id) return
    clearTimeout(this.#interrupt.timer)
    this.#interrupt = undefined
  }

  #exit(reason: string): void {
    this.#calm()
    if (this.#closed) return
    const pending = this.#pending
    const why = this.#killedFor ?? reason
    this.#pending = undefined
    this.#killedFor = undefined
    this.#child = this.#ready ? this.#spawn() : undefined
    const [cell = this.#cell] = pending ? [] : this.#comms.keys()
    this.#options.gone(cell)
    if (this.#child) this.#options.replaced()
    if (pending) pending.reject(new EvaluatorDied(why))
    else this.#options.died(why, cell)
    for (const resolve of this.#comms.values()) resolve()
    this.#comms.clear()
  }
}

/** What a cell shows when its process died under it. */
export function lostState(reason: string): Failure {
  const evalue = `${reason}. All variables are lost; run the cells from the top again.`
  return { ename: 'StateLost', evalue, traceback: [`StateLost: ${evalue}`] }
}
