import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Which cell is running code right now, also in a callback it left behind. From Node 24 on, AsyncLocalStorage knows.
 * On Node 20 it rests on async hooks, whose stack does not survive a terminated callback ("Assertion failed:
 * (env_->execution_async_id()) == (0)" aborts the process); there timers remember their cell, and other late output
 * belongs to the newest one.
 */
const storage =
  Number(process.versions.node.split('.')[0]) >= 24 ? new AsyncLocalStorage<number>() : undefined
let newest = 0
let borrowed: number | undefined

/** Starts a cell. */
export function inCell<T>(id: number, work: () => T): T {
  newest = id
  // A terminated callback never came to its `finally`.
  borrowed = undefined
  return storage ? storage.run(id, work) : work()
}

/** Runs a callback that cell `id` left behind. What it throws is reported next, so then the cell stays until `leaveCell`. */
export function backInCell<T>(id: number, work: () => T): T {
  borrowed = id
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

export const currentCell = (): number => storage?.getStore() ?? borrowed ?? newest

let stopped = 0

/** Cell `id` was interrupted: what it still does in the background is not shown. */
export function silence(id: number): void {
  stopped = id
}

/** Known for certain only where AsyncLocalStorage is. */
export const isSilenced = (cell: number): boolean => storage !== undefined && cell === stopped
