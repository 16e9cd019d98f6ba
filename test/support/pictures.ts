import type { Page } from 'playwright-core'
import { contrast } from '../../classroom/gate/contrast.js'

interface Word {
  text: string
  /** As the browser computed them: "rgb(31, 35, 40)". */
  ink: string
  paper: string
}
interface Picture {
  /** The figure and how it looks: "04-valley dark". */
  name: string
  drawn: boolean
  words: Word[]
  /** Words that lie on others, or beyond the picture's edge. */
  misplaced: string[]
}

const hex = (color: string): string =>
  `#${(color.match(/\d+/g) ?? [])
    .slice(0, 3)
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('')}`

/**
 * What cannot be read in the pictures of a contact sheet (classroom/gate/sheet.ts), measured where a browser has laid out every word:
 * words that lie on one another, or reach beyond the picture, by more than half a pixel; ink too near to its paper; nothing drawn.
 */
export async function unreadable(page: Page): Promise<{ pictures: number; complaints: string[] }> {
  const pictures: Picture[] = await page.evaluate(() =>
    Array.from(document.querySelectorAll<HTMLElement>('.looks > div'), (look) => {
      const svg = look.querySelector('svg')!
      const home = svg.getBoundingClientRect()
      const texts = [...svg.querySelectorAll('text')].filter(
        (text) => text.textContent.trim() !== '',
      )
      const boxes = texts.map((text) => text.getBoundingClientRect())
      const slack = 0.5
      const misplaced = boxes.flatMap((a, i) => {
        const name = `"${texts[i]!.textContent}"`
        const inside =
          a.left >= home.left - slack &&
          a.right <= home.right + slack &&
          a.top >= home.top - slack &&
          a.bottom <= home.bottom + slack
        const met = boxes.slice(i + 1).flatMap((b, j) => {
          const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left)
          const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
          const other = texts[i + 1 + j]!.textContent
          // A box has room above and below the letters: at the corner of two axes such boxes meet and the words do not.
          return wide > slack && high > 0.3 * Math.min(a.height, b.height)
            ? [`${name} lies on "${other}"`]
            : []
        })
        return [...(inside ? [] : [`${name} is cut off`]), ...met]
      })
      const paper = getComputedStyle(look).backgroundColor
      return {
        name: `${look.closest('article')?.id} ${look.className.replace('plot ', '')}`,
        drawn: [...svg.querySelectorAll('path, circle')].some((mark) => {
          const { width, height } = mark.getBoundingClientRect()
          return width > 1 && height > 1
        }),
        words: texts.map((text) => ({
          text: text.textContent,
          ink: getComputedStyle(text).fill,
          paper,
        })),
        misplaced,
      }
    }),
  )
  const complaints = pictures.flatMap(({ name, drawn, words, misplaced }) =>
    [
      ...(drawn ? [] : ['nothing is drawn']),
      ...misplaced,
      ...words
        .filter(({ ink, paper }) => contrast(hex(ink), hex(paper)) < 4.5)
        .map(({ text, ink, paper }) => `"${text}" is pale: ${ink} on ${paper}`),
    ].map((text) => `${name}: ${text}`),
  )
  return { pictures: pictures.length, complaints }
}
