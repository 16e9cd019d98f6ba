import type { MimeBundle } from '../host/types.js'

/** A table's bundle with a figure's picture below the table, where pictures can be drawn. */
export async function withPicture(
  table: MimeBundle,
  figure: { svg(): Promise<string> },
): Promise<MimeBundle> {
  if ('window' in globalThis) return table
  return { ...table, 'text/html': `${table['text/html']}<div>${await figure.svg()}</div>` }
}
