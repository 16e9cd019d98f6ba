import { promisify } from 'node:util'
import { backInCell, currentCell } from './cell.js'

type Callback = (...args: unknown[]) => void
type Handle = NodeJS.Timeout | NodeJS.Immediate

/** Timers of the cells that run; an interrupt takes them along, or `while (true) await sleep(100)` would live on. */
const running = new Map<number, Set<Handle>>()

export function trackTimers(cell: number): void {
  running.set(cell, new Set())
}

export function forgetTimers(cell: number): void {
  running.delete(cell)
}

export function clearTimers(cell: number): void {
  for (const handle of running.get(cell) ?? []) {
    clearTimeout(handle as NodeJS.Timeout)
    clearImmediate(handle as NodeJS.Immediate)
  }
}

/** Gives cells timers that remember which cell set them. */
export function installTimers(): void {
  const { setTimeout, setInterval, setImmediate } = globalThis
  const wrap = (callback: Callback, once: boolean) => {
    if (typeof callback !== 'function') return { call: callback, track: (handle: Handle) => handle }
    const cell = currentCell()
    const mine = running.get(cell)
    let handle: Handle | undefined
    const call = (...args: unknown[]) => {
      if (once && handle) mine?.delete(handle)
      return backInCell(cell, () => callback(...args))
    }
    const track = <T extends Handle>(made: T): T => {
      handle = made
      mine?.add(made)
      return made
    }
    return { call, track }
  }
  const timeout = (callback: Callback, delay?: number, ...args: unknown[]) => {
    const { call, track } = wrap(callback, true)
    return track(setTimeout(call, delay, ...args))
  }
  const interval = (callback: Callback, delay?: number, ...args: unknown[]) => {
    const { call, track } = wrap(callback, false)
    return track(setInterval(call, delay, ...args))
  }
  const immediate = (callback: Callback, ...args: unknown[]) => {
    const { call, track } = wrap(callback, true)
    // Node comes to nothing else any more when the second of two immediates is terminated: behind them it can be.
    const behind = () => process.nextTick(call, ...args)
    return track(setImmediate(typeof call === 'function' ? behind : call))
  }
  const sleep = (delay: number, value: unknown) =>
    new Promise((resolve) => timeout(() => resolve(value), delay))
  const wrapped = {
    setTimeout: Object.assign(timeout, { [promisify.custom]: sleep }),
    setInterval: interval,
    setImmediate: Object.assign(immediate, {
      [promisify.custom]: (value: unknown) =>
        new Promise((resolve) => immediate(resolve as Callback, value)),
    }),
  }
  for (const [name, value] of Object.entries(wrapped)) {
    Object.defineProperty(value, 'name', { value: name })
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  }
}
