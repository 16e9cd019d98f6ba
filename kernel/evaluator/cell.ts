import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Which cell is running code right now, also in a callback it left behind. From Node 24 on, AsyncLocalStorage knows.
 * On Node 20 it rests on async hooks, whose stack does not survive a terminated callback ("Assertion failed:
 * (env_->execution_async_id()) == (0)" aborts the process); there timers remember their cell, and other late output
 * belongs to the cell that was last seen running.
 */
const storage =
  Number(process.versions.node.split('.')[0]) >= 24 ? new AsyncLocalStorage<number>() : undefined
/** Those that run, the newest last. */
const running = new Set<number>()
let lastSeen = 0
let borrowed: number | undefined

/** Starts a cell. */
export function inCell<T>(id: number, work: () => T): T {
  running.add(id)
  lastSeen = id
  // A terminated callback never came to its `finally`.
  borrowed = undefined
  return storage ? storage.run(id, work) : work()
}

/** What nobody is known to own belongs from now on to the newest cell that still runs. */
export function endCell(id: number): void {
  running.delete(id)
  if (lastSeen === id) lastSeen = [...running].at(-1) ?? id
}

/** Cell `id` goes on, after an await or in a timer. */
export function resumeCell(id: number): void {
  if (running.has(id)) lastSeen = id
}

/** Runs a callback that cell `id` left behind. What it throws is reported next, so then the cell stays until `leaveCell`. */
export function backInCell<T>(id: number, work: () => T): T {
  borrowed = id
  // What the callback resolves goes on after it.
  resumeCell(id)
  const result = work()
  borrowed = undefined
  return result
}

/** Runs `work` as if message `id` were a cell, so that what it prints and leaves behind belongs to that message. */
export function asCell<T>(id: number, work: () => T): T {
  return storage ? storage.run(id, work) : backInCell(id, work)
}

export function leaveCell(): void {
  borrowed = undefined
}

export const currentCell = (): number => storage?.getStore() ?? borrowed ?? lastSeen

const stopped = new Set<number>()

/** Cell `id` was interrupted: what it still does in the background is not shown. */
export function silence(id: number): void {
  stopped.add(id)
}

/** Known for certain only where AsyncLocalStorage is. */
export const isSilenced = (cell: number): boolean => storage !== undefined && stopped.has(cell)
