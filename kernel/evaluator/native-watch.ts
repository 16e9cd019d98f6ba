import childProcess, { type ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

/**
 * Whether the cell may have written past process.stdout: then events carry marks, so that what is native keeps its place
 * among them. Two more writes an event would make a loop that prints half as fast, so only cells that need them pay.
 */
let touched = false
/** Native code that can print at any time is loaded. */
let forGood = false
const children = new Set<ChildProcess>()

export const nativeSeen = (): boolean => touched || forGood || children.size > 0

/** The cell has ended, with a mark. */
export function nativeSettled(): void {
  touched = false
}

/** An addon, or WebAssembly with a system interface. */
export function nativeLoaded(): void {
  forGood = true
}

const writers = [
  'write',
  'writeSync',
  'writev',
  'writevSync',
  'writeFile',
  'writeFileSync',
  'appendFile',
  'appendFileSync',
] as const
const starters = ['execSync', 'execFileSync', 'spawnSync'] as const

interface ChildListener {
  /** The thread is blocked until a child ends, which is none of those `besides`. */
  waits(besides: number[]): void
  goesOn(): void
}

export function watchNative({ waits, goesOn }: ChildListener): void {
  for (const name of writers) before(fs, name, (target) => target === 1 || target === 2)
  const wait = () => {
    waits([...children].flatMap(({ pid }) => pid ?? []))
    return true
  }
  for (const name of starters) before(childProcess, name, wait, goesOn)
  // Node prints its warnings so.
  before(process, '_rawDebug', () => true)
  before(process, 'dlopen', () => {
    nativeLoaded()
    return true
  })
  subscribe('child_process', (message) => {
    const child = (message as { process: ChildProcess }).process
    const gone = () => {
      // What listens to its end may print, and its last words come first.
      if (children.delete(child)) touched = true
    }
    children.add(child)
    child.once('exit', gone)
    child.once('close', gone)
  })
  syncBuiltinESMExports()
}

/** Looks at the first argument before the function is called, and is told when it ended; everything else of it stays. */
function before<Name extends string>(
  owner: object,
  name: Name,
  looks: (argument: unknown) => boolean,
  after = () => {},
): void {
  const holder = owner as Record<Name, (...args: unknown[]) => unknown>
  const original = holder[name]
  function watched(this: unknown, ...args: unknown[]): unknown {
    const touches = looks(args[0])
    touched ||= touches
    try {
      return original.apply(this, args)
    } finally {
      after()
    }
  }
  Object.defineProperties(watched, Object.getOwnPropertyDescriptors(original))
  holder[name] = watched
}
