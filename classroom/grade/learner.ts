import { randomUUID } from 'node:crypto'
import type { Plain, Student } from '../../src/checks/types.js'
import {
  decodePlain,
  encodePlain,
  markSymbol,
  type Reply,
  replyType,
} from '../../src/checks/wire.js'
import type { Launch } from '../client/index.js'
import type { KernelHost, Outcome, Session } from '../client/types.js'

export interface TimeLimits {
  /** Milliseconds for a cell, and for all checks of one exercise. */
  step: number
  /** Milliseconds for one call of a learner's function. */
  call: number
  /** Milliseconds for a whole submission. */
  total: number
}

/** A cell of the learner's that did not simply run. */
export interface CellTrouble {
  cell: number
  what: string
}

export interface LearnerCell {
  /** Its place in the notebook, from 1. */
  cell: number
  source: string
  /** What is marked is defined here. */
  exercise?: boolean
}

export interface LearnerOptions {
  host: KernelHost
  kernel: string
  cwd: string
  launch?: Launch
  cells: LearnerCell[]
  limits: TimeLimits
}

const mark = randomUUID()
const leaveMark = `globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(markSymbol))})] = ${JSON.stringify(mark)}; undefined`
const readMark = `console.log(globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(markSymbol))})])`
/** Cells that end the process are left out and the others run again, so many times. */
const repairs = 3
/** The share of the whole time that is kept for the exercises: a long evening of tries, run again here, must not cost them. */
const kept = 0.4

/** A learner's notebook in a kernel: its cells run, its functions can be called. */
export class Learner {
  readonly troubles: CellTrouble[] = []
  readonly #left = new Set<number>()
  /** Milliseconds that the learner's code had; what the grader computes for itself between two calls is none of them. */
  #used = 0

  private constructor(
    private readonly session: Session,
    private readonly options: Pick<LearnerOptions, 'cells' | 'limits'>,
  ) {}

  static async start(options: LearnerOptions): Promise<Learner> {
    const { host, kernel, cwd, launch } = options
    const learner = new Learner(await host.start({ kernel, cwd, launch }), options)
    await learner.#define()
    return learner
  }

  /** Of a notebook whose cells have run in `session`: they run again only if what they left is lost. */
  static async attach(
    session: Session,
    options: Pick<LearnerOptions, 'cells' | 'limits'>,
  ): Promise<Learner> {
    const learner = new Learner(session, options)
    await learner.#run(leaveMark, options.limits.step)
    return learner
  }

  get #remaining(): number {
    return this.options.limits.total - this.#used
  }

  async #run(code: string, timeout: number, outputLimit = 10_000): Promise<Outcome> {
    const began = performance.now()
    const outcome = await this.session.execute(code, {
      timeout: Math.max(1, Math.min(timeout, this.#remaining)),
      outputLimit,
      stopOnError: false,
      storeHistory: false,
      dropStreams: true,
      metadata: { downhill: { types: 'off' } },
    })
    this.#used += performance.now() - began
    return outcome
  }

  /** Runs the cells. One that takes the process down is left out of a new start: the work of the others still counts. */
  async #define(): Promise<void> {
    for (let attempt = 0; attempt <= repairs; attempt++) {
      // One that cannot be started again: its calls say so, one by one.
      if (!this.session.alive) await this.session.restart().catch(() => {})
      if (!this.session.alive) return
      await this.#run(leaveMark, this.options.limits.step)
      const fatal = await this.#runCells()
      if (fatal === undefined) return
      this.#left.add(fatal)
    }
  }

  /** The cell after which the state was gone, if any. */
  async #runCells(): Promise<number | undefined> {
    const { cells, limits } = this.options
    for (const { cell, source, exercise } of cells) {
      if (this.#left.has(cell)) continue
      const time = this.#remaining - (exercise ? 0 : kept * limits.total)
      if (time <= 0) {
        this.#note(cell, 'not run: the time for the whole submission was over')
        continue
      }
      const outcome = await this.#run(source, Math.min(limits.step, time))
      if (outcome.status === 'ok') continue
      const lost = !(await this.#marked())
      this.#note(cell, describe(outcome, lost))
      if (lost) return cell
    }
    return undefined
  }

  async #marked(): Promise<boolean> {
    if (!this.session.alive) return false
    const { outputs } = await this.session.execute(readMark, { timeout: 5000, stopOnError: false })
    return outputs.some(({ text }) => String(text).includes(mark))
  }

  #note(cell: number, what: string): void {
    if (!this.troubles.some((trouble) => trouble.cell === cell)) this.troubles.push({ cell, what })
  }

  /** The learner as the checks of one exercise see it: time runs from now; a lost state is restored twice. */
  student(): Student {
    const { step, call: callLimit } = this.options.limits
    const end = this.#used + step
    let left = 2
    const restore = async (): Promise<boolean> => {
      if (left-- <= 0) return false
      await this.#define()
      return true
    }
    let again = true
    const call = async (name: string, args: Plain[]): Promise<Plain> => {
      const time = Math.min(end - this.#used, this.#remaining)
      if (time <= 0)
        throw new LearnerError('TimeOver', 'the checks of this exercise had used up their time')
      const id = randomUUID()
      const outcome = await this.#run(callCode(name, args, id), Math.min(callLimit, time), 8e6)
      const reply = replyIn(outcome, id)
      if (reply?.state === 'ok') return decodePlain(reply.value)
      if (reply?.state === 'threw') throw new LearnerError(reply.name, reply.message)
      if (reply?.state === 'lost') {
        if (await restore()) return call(name, args)
        throw new LearnerError('NoAnswer', 'its process had ended again')
      }
      // It may have died of what an earlier exercise had left, such as no memory: asked once more, in a new process.
      if (again && outcome.status !== 'timeout' && !(await this.#marked())) {
        again = false
        if (await restore()) return call(name, args)
      }
      throw new LearnerError('NoAnswer', describe(outcome, !this.session.alive))
    }
    return {
      call: async (name, args) => {
        // What was lost by an earlier exercise is not the fault of this one.
        if (!this.session.alive) await restore()
        return call(name, args)
      },
    }
  }

  close(): Promise<void> {
    return this.session.shutdown()
  }
}

/** What a learner's function did instead of returning. The checks show its message. */
class LearnerError extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message)
  }
}

function callCode(name: string, args: Plain[], call: string): string {
  const fields = `call: ${JSON.stringify(call)}, mark: ${JSON.stringify(mark)}, args: ${JSON.stringify(encodePlain(args))}`
  return `await (await import('downhill')).answerCall({ ${fields}, find: () => ${name} })`
}

function replyIn({ outputs }: Outcome, call: string): Reply | undefined {
  for (const { data } of outputs) {
    const reply = (data as Record<string, Partial<Reply>> | undefined)?.[replyType]
    if (reply?.call === call) return reply as Reply
  }
  return undefined
}

/** One line for the feedback. */
function describe({ status, error }: Outcome, lost: boolean): string {
  if (status === 'timeout') return 'took too long and was interrupted'
  if (status === 'dead' || lost)
    return `ended its process${error ? ` (${firstLine(error.evalue)})` : ''}`
  if (error) return firstLine(`${error.ename}: ${error.evalue}`)
  return status === 'ok' ? 'gave no readable answer' : status
}

const firstLine = (text: string) => text.split('\n', 1)[0]!.slice(0, 200)
