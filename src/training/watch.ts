import { type DisplayHandle, display } from '../host/display.js'
import { findHost } from '../host/host.js'
import { ProgressBar } from '../host/progress-bar.js'
import { displaySymbol } from '../host/types.js'
import type { History } from './history.js'

/** Milliseconds that a loop runs before it lets other code run: messages, timers, a signal. */
const breath = 100
/** Milliseconds between two figures: drawing one takes a few. */
const redraw = 500

/** What lets others see a run while it lasts. */
export class Watch {
  readonly #bar: ProgressBar | undefined
  readonly #figures: boolean
  #handle: DisplayHandle | undefined
  #drawn = Number.NEGATIVE_INFINITY
  #breathed = performance.now()

  constructor({ label, total, shown }: { label: string; total?: number; shown: boolean }) {
    this.#bar = shown ? new ProgressBar({ total, label }) : undefined
    this.#figures = shown && findHost().name !== 'console'
  }

  /** To be awaited after each step. */
  async step(): Promise<void> {
    this.#bar?.advance()
    if (performance.now() - this.#breathed < breath) return
    await new Promise((resolve) => setTimeout(resolve))
    this.#breathed = performance.now()
  }

  /** To be awaited after each epoch. */
  async epoch(history: History, now = false): Promise<void> {
    if (!this.#figures || history.rows.length === 0) return
    if (!now && performance.now() - this.#drawn < redraw) return
    this.#drawn = performance.now()
    // Drawing takes turns of the event loop, of which a training leaves few: a promised figure would come when all is over.
    const drawn = await history.plot()[displaySymbol]()
    if (this.#handle) this.#handle.update(drawn, { raw: true })
    else this.#handle = display(drawn, { raw: true })
  }

  /** The last figure, and the bar says how long it took. */
  async end(history: History): Promise<void> {
    await this.epoch(history, true)
    this.#bar?.end()
  }
}
