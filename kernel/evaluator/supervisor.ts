import { within } from '../../src/host/within.js'
import { Child } from './child.js'
import { EvaluatorDied, stoppedBefore } from './endings.js'
import type {
  Answer,
  CommRequest,
  DebugCall,
  EvaluatorEvent,
  EvaluatorRequest,
  OutputEvent,
  RunAnswer,
  RunRequest,
} from './protocol.js'

type Without<T, K extends keyof never> = T extends unknown ? Omit<T, K> : never
export type Ask = Without<Exclude<EvaluatorRequest, CommRequest>, 'id'>

interface Pending {
  resolve(answer: Answer): void
  reject(error: EvaluatorDied): void
}

/** Milliseconds that a question waits for the main thread: while cells run, which may hold it for long, and else. */
const glance = 50
const patience = 2000

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

/** Keeps one evaluator process alive, hands it requests, and replaces it when it dies or does not let go. */
export class Supervisor {
  /** Undefined after a process that never got ready: the next request tries again, so that nothing spins. */
  #child: Child | undefined
  #ready = false
  /** What it has not answered, by id: a subshell's cell may run while the main shell's awaits. */
  readonly #pending = new Map<number, Pending>()
  /** Comm messages on their way. */
  readonly #comms = new Map<number, { request: CommRequest; resolve(): void }>()
  /** Runs that it has, the newest last. */
  readonly #runs = new Set<number>()
  #newest = 0
  #next = 1
  /** The interrupt that is under way, and what waits for its end. */
  #interrupt: { id: number; timer: NodeJS.Timeout; over: (() => void)[] } | undefined
  #killedFor: string | undefined
  #closed = false
  #interruptions = 0
  readonly #options: SupervisorOptions

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#child = this.#spawn()
  }

  /** Runs a cell; `started` gets the id that its output events carry. */
  async run(request: Omit<RunRequest, 'id' | 'type'>, started: (id: number) => void) {
    const answer = await this.#ask({ type: 'run', ...request }, (id) => {
      this.#runs.add(id)
      this.#newest = id
      started(id)
    })
    return answer as RunAnswer
  }

  /** Asks what exists now; undefined if the main thread does not come to answer, or an interrupt ended the question. */
  async ask<T extends Answer['type']>(request: Ask & { type: T }) {
    const answer = this.#ask(request).catch(() => undefined)
    const found = await within(this.#runs.size > 0 ? glance : patience, answer, () => undefined)
    return found?.type === request.type ? (found as Extract<Answer, { type: T }>) : undefined
  }

  /** Hands over a message on a comm, also while a cell runs; resolves when its handlers were called, or died. */
  async comm(request: Omit<CommRequest, 'id' | 'type'>, started: (id: number) => void) {
    await this.#calm()
    const id = this.#next++
    started(id)
    this.#child ??= this.#spawn()
    const message: CommRequest = { type: 'comm', id, ...request }
    this.#child.send(message)
    await new Promise<void>((resolve) => this.#comms.set(id, { request: message, resolve }))
  }

  /** Terminate, then reject what is awaited, then replace the process: the evaluator does the first two. */
  interrupt(): void {
    this.#interruptions += 1
    if (!this.#child || this.#interrupt) return
    const id = this.#next++
    this.#child.control({ type: 'interrupt', id })
    const timer = setTimeout(() => {
      this.#killedFor = `the cell did not stop within ${grace / 1000} s of the interrupt, its process was replaced`
      this.#child?.kill()
    }, grace)
    this.#interrupt = { id, timer, over: [] }
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
    clearTimeout(this.#interrupt?.timer)
    this.#child?.kill()
  }

  async #ask(request: Ask, started?: (id: number) => void): Promise<Answer> {
    const { interruptions } = this
    await this.#calm()
    // One more interrupt, while that before was under way.
    if (this.interruptions > interruptions) return stopped
    const id = this.#next++
    const answer = new Promise<Answer>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
    })
    if (!this.#child) {
      this.#child = this.#spawn()
      this.#options.replaced()
    }
    this.#child.send({ ...request, id } as EvaluatorRequest)
    started?.(id)
    return answer
  }

  /** Resolves when no interrupt is under way, which could hit what is sent meanwhile. */
  async #calm(): Promise<void> {
    while (this.#interrupt) {
      const { over } = this.#interrupt
      await new Promise<void>((resolve) => over.push(resolve))
    }
  }

  #spawn(): Child {
    this.#ready = false
    // Nobody listens any more once we are closed.
    const counts = () => child === this.#child && !this.#closed
    const child: Child = new Child({
      event: (event) => counts() && this.#event(event),
      debug: (message) => counts() && this.#options.debug(message),
      native: (name, text) =>
        !this.#closed && this.#options.output({ type: 'stream', cell: this.#cell, name, text }),
      exit: (reason) => counts() && this.#exit(reason),
    })
    return child
  }

  #event(event: EvaluatorEvent): void {
    if (event.type === 'ready') this.#ready = true
    else if (event.type === 'target') this.#options.target(event.name)
    else if (event.type === 'handled') this.#handled(event.id)
    else if (event.type === 'interrupted') {
      if (event.id === this.#interrupt?.id) this.#interrupted()
    } else if (event.type === 'done') this.#done(event.id, event.answer)
    else this.#options.output(event)
  }

  #handled(comm: number): void {
    this.#comms.get(comm)?.resolve()
    this.#comms.delete(comm)
  }

  #done(id: number, answer: Answer): void {
    this.#pending.get(id)?.resolve(answer)
    this.#pending.delete(id)
    this.#runs.delete(id)
  }

  /** The newest cell that runs, or ran last. */
  get #cell(): number {
    return [...this.#runs].at(-1) ?? this.#newest
  }

  /** The interrupt has done its work; what the evaluator had not even begun will get no other answer. */
  #interrupted(): void {
    if (!this.#interrupt) return
    const { id, timer, over } = this.#interrupt
    clearTimeout(timer)
    this.#interrupt = undefined
    for (const request of this.#pending.keys()) if (request < id) this.#done(request, stopped)
    // A message that was being read may be lost. The evaluator leaves out those that it knows.
    for (const { request } of this.#comms.values()) if (request.id < id) this.#child?.send(request)
    for (const go of over) go()
  }

  #exit(reason: string): void {
    const pending = [...this.#pending.values()]
    const ran = this.#runs.size > 0
    const [cell = this.#cell] = ran ? [] : this.#comms.keys()
    const why = this.#killedFor ?? reason
    this.#pending.clear()
    this.#runs.clear()
    this.#interrupted()
    this.#killedFor = undefined
    this.#child = this.#ready ? this.#spawn() : undefined
    this.#options.gone(cell)
    if (this.#child) this.#options.replaced()
    for (const { reject } of pending) reject(new EvaluatorDied(why))
    if (!ran) this.#options.died(why, cell)
    for (const comm of this.#comms.keys()) this.#handled(comm)
  }
}

const stopped: RunAnswer = { type: 'run', error: stoppedBefore, expressions: {} }
