import { randomUUID } from 'node:crypto'
import { type DisplayHandle, type DisplayOptions, place } from '../../src/host/display.js'
import { Handle } from '../../src/host/handle.js'
import type { Host, MimeBundle } from '../../src/host/types.js'
import { toBundle } from './mime.js'
import { plainText } from './plain.js'

interface DisplayFunction {
  (value: unknown, options?: DisplayOptions): DisplayHandle
  html(source: string): DisplayHandle
  markdown(source: string): DisplayHandle
  svg(source: string): DisplayHandle
  /** PNG bytes, or their base64. */
  png(data: Uint8Array | string): DisplayHandle
  latex(source: string): DisplayHandle
  json(value: unknown): DisplayHandle
  text(value: string): DisplayHandle
}

/** `show` is where bundles go. A promise of one must be shown before the cell ends. */
export function makeDisplay(show: Host['display']): DisplayFunction {
  const display = (value: unknown, options: DisplayOptions = {}): DisplayHandle => {
    const id = options.id ?? randomUUID()
    const bundle = (shown: unknown, raw?: boolean) =>
      raw ? (shown as MimeBundle) : shownBundle(shown)
    place(show, bundle(value, options.raw), { id, update: false })
    return new Handle(id, (next, { raw } = {}) =>
      place(show, bundle(next, raw), { id, update: true }),
    )
  }
  const as = (type: string) => (source: unknown) =>
    display({ [type]: source, 'text/plain': plainText(type, source) }, { raw: true })
  return Object.assign(display, {
    html: as('text/html'),
    markdown: as('text/markdown'),
    svg: as('image/svg+xml'),
    png: (data: Uint8Array | string) => as('image/png')(base64(data)),
    latex: as('text/latex'),
    json: as('application/json'),
    text: as('text/plain'),
  })
}

export const base64 = (data: Uint8Array | string): string =>
  typeof data === 'string' ? data : Buffer.from(data).toString('base64')

/** As a result is shown, but for text: that is shown as it is, where a result has quotes around it. */
export const shownBundle = (value: unknown): MimeBundle | Promise<MimeBundle> =>
  typeof value === 'string' ? { 'text/plain': value } : toBundle(value)
