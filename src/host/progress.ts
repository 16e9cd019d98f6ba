import { display } from './display.js'
import { escapeHtml } from './escape.js'
import { findHost } from './host.js'
import type { MimeBundle } from './types.js'

/** Options of `progress`. */
export interface ProgressOptions {
  /** How many items there will be. Default: the iterable's `length` or `size`, else unknown. */
  total?: number
  label?: string
}

/** Milliseconds between two updates of one display: smooth to the eye, and not a flood of messages. */
const interval = 100

/**
 * Passes on the items of an iterable and shows how far it is, in one output that is updated in place.
 * @example for (const step of progress([1, 2, 3], { label: 'training' })) { … }
 * @example for await (const batch of progress(batches(train), { total: 30 })) { … }
 */
export function progress<T>(iterable: Iterable<T>, options?: ProgressOptions): Generator<T, void>
export function progress<T>(
  iterable: AsyncIterable<T>,
  options?: ProgressOptions,
): AsyncGenerator<T, void>
export function progress<T>(
  iterable: Iterable<T> | AsyncIterable<T>,
  options: ProgressOptions = {},
): Generator<T, void> | AsyncGenerator<T, void> {
  return Symbol.asyncIterator in iterable
    ? asyncProgress(iterable, options)
    : syncProgress(iterable, options)
}

function* syncProgress<T>(items: Iterable<T>, options: ProgressOptions): Generator<T, void> {
  const bar = new Bar(items, options)
  try {
    for (const item of items) {
      yield item
      bar.advance()
    }
  } finally {
    bar.end()
  }
}

async function* asyncProgress<T>(
  items: AsyncIterable<T>,
  options: ProgressOptions,
): AsyncGenerator<T, void> {
  const bar = new Bar(items, options)
  try {
    for await (const item of items) {
      yield item
      bar.advance()
    }
  } finally {
    bar.end()
  }
}

class Bar {
  #done = 0
  #shown = Number.NEGATIVE_INFINITY
  readonly #total: number | undefined
  readonly #label: string
  readonly #live = findHost().name !== 'console'
  #handle: ReturnType<typeof display> | undefined

  constructor(items: object, { total, label = '' }: ProgressOptions) {
    const size: unknown = total ?? Reflect.get(items, 'length') ?? Reflect.get(items, 'size')
    this.#total = typeof size === 'number' && size >= 0 ? size : undefined
    this.#label = label
    if (this.#live) this.#show()
  }

  advance(): void {
    this.#done += 1
    if (this.#live && performance.now() - this.#shown >= interval) this.#show()
  }

  /** A console cannot replace a line, so it gets the last state only. */
  end(): void {
    this.#show()
  }

  #show(): void {
    this.#shown = performance.now()
    const bundle = barBundle(this.#done, this.#total, this.#label)
    if (this.#handle) this.#handle.update(bundle, { raw: true })
    else this.#handle = display(bundle, { raw: true })
  }
}

function barBundle(done: number, total: number | undefined, label: string): MimeBundle {
  const count = total === undefined ? `${done}` : `${done} of ${total}`
  const text = label === '' ? count : `${label}: ${count}`
  const value = total === undefined ? '' : ` value="${done}" max="${Math.max(total, 1)}"`
  const html = `<label>${escapeHtml(text)} <progress${value}></progress></label>`
  return { 'text/plain': text, 'text/html': html }
}
