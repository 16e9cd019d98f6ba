import { Handle } from './handle.js'
import { findHost } from './host.js'
import { type Displayable, displaySymbol, type Host, type MimeBundle } from './types.js'

/** Options of `display`. */
export interface DisplayOptions {
  /** Gives the output a name; a later display of the same id, or `handle.update`, replaces it. */
  id?: string
  /** `value` is a bundle already: MIME type → content. */
  raw?: boolean
}

/** Something that was shown, to be replaced later. */
export interface DisplayHandle {
  readonly id: string
  /** Shows another value in the same place. */
  update(value: unknown, options?: { raw?: boolean }): void
}

let count = 0

/**
 * Shows a value below the cell, at once and in order with printed text: a figure as a figure, an array of records as a
 * table. A value shows itself through `[Symbol.for('Jupyter.display')]()`; else the host (the kernel, the page) decides.
 * @example const handle = display(0); for (let i = 1; i <= 3; i++) handle.update(i)
 */
export function display(value: unknown, { id, raw = false }: DisplayOptions = {}): DisplayHandle {
  count += 1
  const name = id ?? `downhill-${Date.now().toString(36)}-${count}`
  show(value, { id: name, raw, update: false })
  return new Handle(name, (next, options = {}) =>
    show(next, { id: name, raw: options.raw ?? false, update: true }),
  )
}

function show(value: unknown, options: { id: string; raw: boolean; update: boolean }): void {
  const { id, update } = options
  const host = findHost()
  const bundle = options.raw ? asBundle(value) : bundleOf(value, host)
  if (host.name === 'console') host.display(bundle, { id, update })
  else place(host.display, bundle, { id, update })
}

/** Shows a bundle; a promised one has its place in the order of outputs kept until it is there. */
export function place(
  show: Host['display'],
  bundle: MimeBundle | Promise<MimeBundle>,
  { id, update }: { id: string; update: boolean },
): void {
  const late = bundle instanceof Promise && !update
  if (late) show({ 'text/plain': '…' }, { id, update })
  show(bundle, { id, update: update || late })
}

/** What is shown of a value: by itself, or as the host has it. */
export function bundleOf(value: unknown, host: Host): MimeBundle | Promise<MimeBundle> {
  if (isDisplayable(value)) return value[displaySymbol]()
  return host.bundle?.(value) ?? { 'text/plain': plainText(value) }
}

function isDisplayable(value: unknown): value is Displayable {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof Reflect.get(value, displaySymbol) === 'function'
  )
}

function asBundle(value: unknown): MimeBundle {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw new TypeError(
    `display: raw needs an object of MIME type → content, got ${plainText(value)}`,
  )
}

/** What a console without an inspector can say about a value. */
function plainText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}
