import { resumeCell } from './cell.js'
import { idOf } from './cells.js'
import { Interrupted } from './failure.js'

/**
 * What the cells that run await, by their names. Nothing else may refer to it (`await new Promise(() => {})`), and were it
 * collected, so would be the cell: V8 would end it with "Promise was collected", and Node 24 would abort.
 */
const held = new Map<string, unknown>()

export function letGo(name: string): void {
  held.delete(name)
}

const stopped = new Set<string>()

/** The cell was interrupted: it goes no further than to its next await. */
export function stopAtAwait(name: string): void {
  stopped.add(name)
}

/** Each `await X` at the top of cell `name` is compiled to `resume(name, await hold(name, X))`. */
export function hold<T>(name: string, promise: T): T {
  if (stopped.has(name)) throw new Interrupted()
  held.set(name, promise)
  return promise
}

export function resume<T>(name: string, value: T): T {
  resumeCell(idOf(name))
  return value
}

/** The same for `for await (… of X)`. */
export function holdEach(name: string, source: unknown): unknown {
  const from = source as Partial<AsyncIterable<unknown> & Iterable<unknown>> | undefined | null
  // What cannot be iterated says so best itself, in the loop.
  if (typeof (from?.[Symbol.asyncIterator] ?? from?.[Symbol.iterator]) !== 'function') return source
  return {
    [Symbol.asyncIterator]() {
      const values = each(source as AsyncIterable<unknown>)
      return {
        next: () =>
          hold(
            name,
            values.next().then((result) => resume(name, result)),
          ),
        return: () => values.return(undefined),
      }
    },
  }
}

async function* each<T>(source: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  yield* source
}
