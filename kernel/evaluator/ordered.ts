export type Native = 'stdout' | 'stderr'

interface Stream {
  /** The newest mark that came out of this pipe. */
  seen: number
  /** Text behind a mark whose event is still on its way. */
  held: { mark: number; text: string }[]
  /** It is closed, or a cell took it away: nobody waits for its marks. */
  lost: boolean
}

interface OrderedSinks<Event> {
  event(event: Event): void
  native(name: Native, text: string): void
}

/**
 * Milliseconds that an event waits for its mark, since a cell may have closed fd 1 or 2; and text for the event behind its
 * mark, since an interrupt may have ended the evaluator between the two.
 */
const patience = 1000

/**
 * Puts what comes through three pipes into the order in which it happened. Where native output may lie between two events
 * of fd 5, the evaluator writes mark n to fd 1 and 2, and then an event that says it comes `after` mark n: so text before
 * the mark is shown before the event, and text behind it after.
 */
export class Ordered<Event> {
  readonly #sinks: OrderedSinks<Event>
  readonly #streams: Record<Native, Stream> = {
    stdout: { seen: 0, held: [], lost: false },
    stderr: { seen: 0, held: [], lost: false },
  }
  #waiting: { event: Event; after: number }[] = []
  /** The newest mark whose event was shown. */
  #reached = 0
  #timer: NodeJS.Timeout | undefined
  #overdue: NodeJS.Timeout | undefined

  constructor(sinks: OrderedSinks<Event>) {
    this.#sinks = sinks
  }

  event(event: Event, after = 0): void {
    if (after === 0 && this.#waiting.length === 0) {
      this.#sinks.event(event)
      return
    }
    this.#waiting.push({ event, after })
    this.#advance()
  }

  text(name: Native, text: string): void {
    const stream = this.#streams[name]
    if (stream.seen <= this.#reached) this.#sinks.native(name, text)
    else {
      stream.held.push({ mark: stream.seen, text })
      this.#watch()
    }
  }

  mark(name: Native, mark: number): void {
    const stream = this.#streams[name]
    stream.seen = mark
    stream.lost = false
    this.#advance()
  }

  /** The pipe has ended. */
  close(name: Native): void {
    this.#streams[name].lost = true
    this.#advance()
  }

  /** Nothing more comes: shows what still waits. */
  end(): void {
    this.close('stdout')
    this.close('stderr')
    this.#release(Number.POSITIVE_INFINITY)
  }

  #advance(): void {
    const streams = Object.values(this.#streams)
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      const { after, event } = next
      if (streams.some(({ seen, lost }) => seen < after && !lost)) {
        this.#timer ??= setTimeout(() => this.#giveUp(after), patience)
        return
      }
      clearTimeout(this.#timer)
      this.#timer = undefined
      this.#waiting.shift()
      this.#sinks.event(event)
      this.#release(after)
    }
  }

  #release(mark: number): void {
    this.#reached = Math.max(this.#reached, mark)
    clearTimeout(this.#overdue)
    this.#overdue = undefined
    for (const [name, stream] of Object.entries(this.#streams) as [Native, Stream][]) {
      while (stream.held[0] && stream.held[0].mark <= this.#reached)
        this.#sinks.native(name, stream.held.shift()!.text)
      if (stream.held.length > 0) this.#watch()
    }
  }

  #watch(): void {
    const { stdout, stderr } = this.#streams
    const newest = () => Math.max(stdout.seen, stderr.seen)
    this.#overdue ??= setTimeout(() => this.#release(newest()), patience)
  }

  #giveUp(after: number): void {
    this.#timer = undefined
    for (const stream of Object.values(this.#streams)) stream.lost ||= stream.seen < after
    this.#advance()
  }
}
