import { ProgressBar } from './progress-bar.js'

/** Options of `progress`. */
export interface ProgressOptions {
  /** How many items there will be. Default: the iterable's `length` or `size`, else unknown. */
  total?: number
  /** What is being done, before the numbers. */
  label?: string
}

/**
 * Passes on the items of an iterable and shows how far it is, how fast, and how long it will still take, in one output
 * that is updated in place. A loop inside another has its line in the output of the outer one. A console gets a line
 * every few seconds, and the last state.
 * @throws TypeError for what cannot be iterated, RangeError for a total that is no count
 * @example for (const epoch of progress([1, 2, 3], { label: 'training' })) optimizer.step()
 * @example for await (const batch of progress(stream, { total: 30 })) optimizer.step()
 */
export function progress<T>(iterable: Iterable<T>, options?: ProgressOptions): Generator<T, void>
export function progress<T>(
  iterable: AsyncIterable<T>,
  options?: ProgressOptions,
): AsyncGenerator<T, void>
export function progress<T>(
  iterable: Iterable<T> | AsyncIterable<T>,
  { total, label = '' }: ProgressOptions = {},
): Generator<T, void> | AsyncGenerator<T, void> {
  const items = iterable as Partial<Iterable<T> & AsyncIterable<T>> | null | undefined
  if (total !== undefined && !(total >= 0))
    throw new RangeError(`progress: total must be at least 0, got ${total}`)
  const known = { total: total ?? sizeOf(items), label }
  if (typeof items?.[Symbol.asyncIterator] === 'function')
    return asyncProgress(items as AsyncIterable<T>, known)
  if (typeof items?.[Symbol.iterator] === 'function')
    return syncProgress(items as Iterable<T>, known)
  throw new TypeError(
    `progress: needs something that can be iterated (an array, a generator), got ${String(iterable)}`,
  )
}

interface Known {
  total: number | undefined
  label: string
}

function* syncProgress<T>(items: Iterable<T>, known: Known): Generator<T, void> {
  const bar = new ProgressBar(known)
  try {
    for (const item of items) {
      yield item
      bar.advance()
    }
  } finally {
    bar.end()
  }
}

async function* asyncProgress<T>(items: AsyncIterable<T>, known: Known): AsyncGenerator<T, void> {
  const bar = new ProgressBar(known)
  try {
    for await (const item of items) {
      yield item
      bar.advance()
    }
  } finally {
    bar.end()
  }
}

function sizeOf(items: unknown): number | undefined {
  const { length, size } = (items ?? {}) as { length?: unknown; size?: unknown }
  return [length, size].find((count) => typeof count === 'number')
}
