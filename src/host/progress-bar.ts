import { display } from './display.js'
import { escapeHtml } from './escape.js'
import { findHost } from './host.js'
import type { MimeBundle } from './types.js'

/** Milliseconds between two updates: smooth to the eye, and not a flood of messages; a console cannot replace a line. */
const interval = { live: 100, console: 5000 }

/** One line: how far a loop is. */
export class ProgressBar {
  readonly #group: Group
  readonly #total: number | undefined
  readonly #label: string
  readonly #start = performance.now()
  #done = 0
  /** When the newest item was done: until the next one is, the speed is what it was. */
  #newest = 0
  #end: number | undefined

  constructor({ total, label }: { total: number | undefined; label: string }) {
    this.#total = total
    this.#label = label
    this.#group = Group.join(this)
  }

  get ended(): boolean {
    return this.#end !== undefined
  }

  advance(): void {
    this.#done += 1
    this.#newest = performance.now()
    this.#group.show()
  }

  end(): void {
    this.#end = performance.now()
    this.#group.ended(this)
  }

  /** `training: 3 of 10, 2.5/s, 3 s left`; when it has ended, how long it took. */
  get text(): string {
    const total = this.#total
    const count = total === undefined ? `${this.#done}` : `${this.#done} of ${total}`
    const now = this.#end ?? performance.now()
    const each = (this.#newest - this.#start) / this.#done
    const parts = [this.#label === '' ? count : `${this.#label}: ${count}`]
    if (this.#done > 0 && each > 0) parts.push(speed(each / 1000))
    if (this.ended) parts.push(`took ${clock((now - this.#start) / 1000)}`)
    else if (this.#done > 0 && total !== undefined && total >= this.#done) {
      const left = each * (total - this.#done) - (now - this.#newest)
      parts.push(`${clock(Math.max(0, left) / 1000)} left`)
    }
    return parts.join(', ')
  }

  get html(): string {
    const total = this.#total
    // Without a value it moves to and fro, which is wrong for a loop that is over.
    const max = total ?? (this.ended ? this.#done : undefined)
    const value = max === undefined ? '' : ` value="${this.#done}" max="${Math.max(max, 1)}"`
    return `<label>${escapeHtml(this.text)} <progress${value}></progress></label>`
  }
}

/** A loop and the loops inside it: one output, a line each. */
class Group {
  static #current: Group | undefined

  readonly #host = findHost()
  readonly #live = this.#host.name !== 'console'
  /** A loop that was interrupted never ends; the next cell's is not inside it. */
  readonly #cell = this.#host.cell?.()
  #bars: ProgressBar[] = []
  #handle: ReturnType<typeof display> | undefined
  #shown = this.#live ? Number.NEGATIVE_INFINITY : performance.now()

  /** A bar that starts while others run is inside them. */
  static join(bar: ProgressBar): Group {
    const host = findHost()
    const open = Group.#current
    const inside = open && open.#host.name === host.name && open.#cell === host.cell?.()
    const group = inside ? open : new Group()
    Group.#current = group
    // What has ended inside gives its line to the next one.
    group.#bars = [...group.#bars.filter((one, index) => index === 0 || !one.ended), bar]
    group.show()
    return group
  }

  show(now = false): void {
    const { live, console } = interval
    if (!now && performance.now() - this.#shown < (this.#live ? live : console)) return
    this.#shown = performance.now()
    const bundle = bundleOf(this.#bars)
    if (this.#handle && this.#live) this.#handle.update(bundle, { raw: true })
    else this.#handle = display(bundle, { raw: true })
  }

  ended(bar: ProgressBar): void {
    if (this.#bars.some(({ ended }) => !ended)) {
      // One inside is over; one that ran beside the first stays.
      if (bar !== this.#bars[0] && this.#bars[0]?.ended === false) this.show()
      return
    }
    if (Group.#current === this) Group.#current = undefined
    const [first] = this.#bars
    this.#bars = first === bar ? [bar] : this.#bars
    this.show(true)
  }
}

function bundleOf(bars: ProgressBar[]): MimeBundle {
  return {
    'text/plain': bars.map(({ text }) => text).join('\n'),
    'text/html': bars.map(({ html }) => html).join('<br>'),
  }
}

/** Of one item's seconds. */
const speed = (each: number): string =>
  each <= 1 ? `${digits(1 / each)}/s` : `${digits(each)} s each`

/** `0.04 s`, `2.5 s`, `12 s`, `3:05`, `1:02:03`. */
export function clock(seconds: number): string {
  if (seconds < 59.5) return `${Number(seconds.toFixed(seconds < 1 ? 2 : seconds < 10 ? 1 : 0))} s`
  const whole = Math.round(seconds)
  const two = (n: number) => String(Math.floor(n) % 60).padStart(2, '0')
  const minutes = Math.floor(whole / 60)
  return minutes < 60
    ? `${minutes}:${two(whole)}`
    : `${Math.floor(minutes / 60)}:${two(minutes)}:${two(whole)}`
}

const digits = (value: number): string =>
  value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
