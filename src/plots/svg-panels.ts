import { escapeHtml } from '../host/escape.js'
import type { Panels } from './panels.js'
import { drawSvg, type Size } from './svg.js'

interface Grid {
  columns: number
  size: Size
  margin: number
  head: number
}

/** Each panel is a picture of its own, put into a larger one; what names a picture stands on the whole alone. */
export async function drawPanels(
  { title, figures, layout }: Panels,
  { columns, size: [width, height], margin, head }: Grid,
): Promise<string> {
  const drawn = await Promise.all(figures.map((figure) => drawSvg(figure, [width, height])))
  const parts = drawn.map((svg, k) => {
    const x = (k % columns) * (width + margin)
    const y = head + Math.floor(k / columns) * (height + margin)
    const own = svg.replace(/ (?:role|aria-label|xmlns)="[^"]*"/g, '')
    return own.replace('<svg', `<svg x="${x}" y="${y}"`)
  })
  const all = [
    columns * (width + margin) - margin,
    head + Math.ceil(figures.length / columns) * (height + margin) - margin,
  ]
  const attributes = `xmlns="http://www.w3.org/2000/svg" width="${all[0]}" height="${all[1]}" viewBox="0 0 ${all.join(' ')}" role="img" aria-label="${escapeHtml(layout.meta.alt)}" color="#20242c" font-family="system-ui, sans-serif" font-size="12"`
  const heading = `<text x="${margin}" y="24" fill="currentColor" font-size="15" font-weight="600">${escapeHtml(title)}</text>`
  return `<svg ${attributes}><rect class="paper" width="100%" height="100%" fill="#ffffff"></rect>${heading}${parts.join('')}</svg>`
}
