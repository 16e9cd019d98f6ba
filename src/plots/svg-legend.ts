import { escapeHtml } from '../host/escape.js'
import type { LineTrace } from './figure.js'
import { outlines, strokes } from './palette.js'

const margin = 12
/** Average width of a letter, since a legend must be laid out without a browser to measure it. */
const letter = 7

/** One entry of a legend; entries that do not fit go to the next row. */
export interface Entry {
  trace: LineTrace
  x: number
  row: number
}

/** The entries of a legend of this width. */
export function legendOf(data: readonly LineTrace[], width: number): Entry[] {
  let x = margin
  let row = 0
  return data
    .filter(({ showlegend }) => showlegend !== false)
    .map((trace) => {
      const wide = Math.round(30 + trace.name.length * letter + 18)
      if (x > margin && x + wide > width) {
        x = margin
        row += 1
      }
      const entry = { trace, x, row }
      x += wide
      return entry
    })
}

/** How much room a legend takes. */
export const heightOf = (entries: readonly Entry[]): number =>
  entries.length > 0 ? ((entries.at(-1)?.row ?? 0) + 1) * 20 : 0

/** A sample of each line, and its name beside it, as SVG. */
export function legendSvg(entries: readonly Entry[]): string {
  return entries
    .map(({ trace: { line, marker, mode, name }, x, row }) => {
      const y = 42 + row * 20
      const dash = strokes[line.dash]
      const dashed = dash === undefined ? '' : ` stroke-dasharray="${dash}"`
      return [
        mode.includes('lines')
          ? `<line x1="${x}" x2="${x + 24}" y1="${y}" y2="${y}" stroke="${line.color}" stroke-width="${line.width}"${dashed}></line>`
          : '',
        mode.includes('markers')
          ? `<path transform="translate(${x + 12},${y})" d="${outlines[marker.symbol]}" fill="${marker.color}"></path>`
          : '',
        `<text x="${x + 30}" y="${y + 4}" fill="currentColor" text-anchor="start">${escapeHtml(name)}</text>`,
      ].join('')
    })
    .join('')
}
