import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Which cell is running code right now, also in a timer it left behind. From Node 24 on, AsyncLocalStorage knows.
 * On Node 20 it rests on async hooks, whose stack does not survive a terminated callback ("Assertion failed:
 * (env_->execution_async_id()) == (0)" aborts the process), so there late output belongs to the newest cell.
 */
const storage =
  Number(process.versions.node.split('.')[0]) >= 24 ? new AsyncLocalStorage<number>() : undefined
let newest = 0

export function inCell<T>(id: number, work: () => T): T {
  newest = id
  return storage ? storage.run(id, work) : work()
}

export const currentCell = (): number => storage?.getStore() ?? newest
