import { escapeHtml } from '../host/escape.js'
import type { Figure } from './figure.js'
import type { Panels } from './panels.js'
import { drawSvg, type Size } from './svg.js'
import { type Entry, heightOf, legendOf, legendSvg } from './svg-legend.js'

interface Grid {
  columns: number
  size: Size
  margin: number
  head: number
}

/** Where all panels have the same lines, one legend above them says so; else each has its own. */
function common(figures: readonly Figure[], width: number): Entry[] {
  const keys = figures.map(({ data, layout: { showlegend } }) =>
    showlegend
      ? JSON.stringify(
          legendOf(data, width).map(({ trace: { name, line, mode } }) => [name, line, mode]),
        )
      : '',
  )
  const [first] = figures
  return keys[0] === '' || keys.some((key) => key !== keys[0]) ? [] : legendOf(first!.data, width)
}

/** Each panel is a picture of its own, put into a larger one; what names a picture stands on the whole alone. */
export async function drawPanels(
  { title, figures, layout }: Panels,
  { columns, size: [width, height], margin, head }: Grid,
): Promise<string> {
  const entries = common(figures, columns * (width + margin) - margin)
  const top = head + heightOf(entries)
  const options = entries.length > 0 ? { legend: false } : {}
  const drawn = await Promise.all(figures.map((one) => drawSvg(one, [width, height], options)))
  const parts = drawn.map((svg, k) => {
    const x = (k % columns) * (width + margin)
    const y = top + Math.floor(k / columns) * (height + margin)
    const own = svg.replace(/ (?:role|aria-label|xmlns)="[^"]*"/g, '')
    return own.replace('<svg', `<svg x="${x}" y="${y}"`)
  })
  const all = [
    columns * (width + margin) - margin,
    top + Math.ceil(figures.length / columns) * (height + margin) - margin,
  ]
  const attributes = `xmlns="http://www.w3.org/2000/svg" width="${all[0]}" height="${all[1]}" viewBox="0 0 ${all.join(' ')}" role="img" aria-label="${escapeHtml(layout.meta.alt)}" color="#20242c" font-family="system-ui, sans-serif" font-size="12"`
  const heading = `<text x="${margin}" y="24" fill="currentColor" font-size="15" font-weight="600">${escapeHtml(title)}</text>`
  return `<svg ${attributes}><rect class="paper" width="100%" height="100%" fill="#ffffff"></rect>${heading}${legendSvg(entries)}${parts.join('')}</svg>`
}
