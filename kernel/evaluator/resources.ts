import { CellThrew } from './evaluate.js'

type Dispose = () => unknown

/** What `using` at the top of a running cell holds, by the cell's name; the last one is disposed of first. */
const held = new Map<string, Dispose[]>()

/** `using r = value` is compiled to `let r = use(name, value)`. Spec: ECMAScript, AddDisposableResource. */
export const use = <T>(name: string, value: T): T => keep(name, value, [Symbol.dispose])

export const useAsync = <T>(name: string, value: T): T =>
  keep(name, value, [Symbol.asyncDispose, Symbol.dispose])

function keep<T>(name: string, value: T, symbols: readonly symbol[]): T {
  if (value === null || value === undefined) return value
  const methods = value as Record<symbol, unknown>
  const method = symbols.map((symbol) => methods[symbol]).find((found) => found != null)
  if (typeof method !== 'function')
    throw new TypeError(
      `using: the value has no [Symbol.${symbols.length > 1 ? 'asyncDispose' : 'dispose'}]() method`,
    )
  const waits = symbols.length > 1
  const dispose = () => {
    const done: unknown = method.call(value)
    return waits ? done : undefined
  }
  held.set(name, [...(held.get(name) ?? []), dispose])
  return value
}

/** Runs a cell's code, and disposes of what it took; an error on the way there is the cell's. */
export async function disposing(name: string, work: () => Promise<void>): Promise<void> {
  let error: { thrown: unknown } | undefined
  try {
    await work()
  } catch (thrown) {
    error = { thrown: thrown instanceof CellThrew ? thrown.thrown : thrown }
    if (!held.has(name)) throw thrown
  }
  error = await dispose(name, error)
  if (error) throw new CellThrew(error.thrown)
}

/** Of a cell that was given up, too: nothing else will. Returns the error, with those that came on the way. */
export async function dispose(
  name: string,
  error?: { thrown: unknown },
): Promise<{ thrown: unknown } | undefined> {
  let told = error
  const all = held.get(name) ?? []
  held.delete(name)
  for (const one of all.reverse()) {
    try {
      await one()
    } catch (thrown) {
      told = { thrown: told ? suppressed(thrown, told.thrown) : thrown }
    }
  }
  return told
}

/** ECMAScript's SuppressedError, which Node 20 does not have. */
function suppressed(error: unknown, before: unknown): Error {
  const both = new Error('An error was suppressed during disposal.', { cause: before })
  return Object.assign(both, { name: 'SuppressedError', error, suppressed: before })
}
