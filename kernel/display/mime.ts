import { inspect } from 'node:util'
import { displaySymbol, type MimeBundle } from '../../src/host/types.js'
import { errorBundle } from './error.js'
import { imageBundle } from './image.js'
import { tableHtml } from './table.js'
import { text } from './text.js'

type Method = () => unknown

/**
 * How a value shows itself: its own bundle (Deno's symbol), else its HTML; then what we know better: pictures, tables,
 * errors; else Node's inspector. Text never has ANSI colours: graders compare it.
 */
export function toBundle(value: unknown): MimeBundle | Promise<MimeBundle> {
  const own = method(value, displaySymbol)
  if (own) {
    const bundle = own.call(value)
    return bundle instanceof Promise ? bundle.then(checked) : checked(bundle)
  }
  const html = method(value, 'toHTML') ?? method(value, '_toHtml')
  if (html) return { 'text/html': String(html.call(value)), 'text/plain': text(value) }
  if (value instanceof Uint8Array) return imageBundle(value) ?? { 'text/plain': text(value) }
  if (value instanceof Error) return errorBundle(value)
  const table = tableHtml(value)
  return { 'text/plain': text(value), ...(table !== undefined && { 'text/html': table }) }
}

function checked(bundle: unknown): MimeBundle {
  if (typeof bundle === 'object' && bundle !== null && !Array.isArray(bundle))
    return bundle as MimeBundle
  throw new TypeError(
    `display: [Symbol.for('Jupyter.display')]() must return an object of MIME types, got ${inspect(bundle)}`,
  )
}

function method(value: unknown, name: PropertyKey): Method | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  const found = (value as Record<PropertyKey, unknown>)[name]
  return typeof found === 'function' ? (found as Method) : undefined
}
