import { currentCell } from './cell.js'
import { Interrupted } from './failure.js'
import { emit } from './output.js'
import { inputState, type Shared, slot } from './shared.js'

let shared: Shared | undefined
/** Whether a cell's client can be asked (allow_stdin); where no cell asks, the newest one's counts. */
const allowed = new Map<number, boolean>()
let newest = false

export function connectInput(memory: Shared): void {
  shared = memory
}

export function allowInput(cell: number, allow: boolean): void {
  allowed.set(cell, allow)
  newest = allow
}

/** Asks the reader of the notebook for a line and blocks until it comes; other code of the cell waits, as it reads. */
export function input(prompt = '', { password = false }: { password?: boolean } = {}): string {
  const cell = currentCell()
  if (!(allowed.get(cell) ?? newest) || !shared)
    throw new Error('input: this client cannot be asked (allow_stdin is false)')
  const { state, text } = shared
  Atomics.store(state, slot.input, inputState.none)
  emit({ type: 'input', cell, prompt: String(prompt), password })
  while (Atomics.load(state, slot.input) === inputState.none)
    Atomics.wait(state, slot.input, inputState.none)
  if (Atomics.load(state, slot.input) === inputState.interrupted) throw new Interrupted()
  return Buffer.from(text.slice(0, Atomics.load(state, slot.length))).toString()
}

/** As in a browser: the answer, or the given default when nothing was typed. */
export function prompt(message = '', fallback = ''): string {
  return input(`${message} `) || fallback
}

/** As in a browser: true for an answer that begins with y. */
export function confirm(message = ''): boolean {
  return /^\s*y/i.test(input(`${message} [y/N] `))
}
