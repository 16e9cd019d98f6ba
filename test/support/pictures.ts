import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { contrast } from '../../classroom/gate/contrast.js'
import { launch, open } from './chromium.js'

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

/** Every picture of the contact sheet in `folder` can be read, and the page asks for nothing. Returns how many figures it says it has, each in three looks. */
export async function expectReadable(folder: string): Promise<number> {
  const browser = await launch()
  try {
    const url = pathToFileURL(resolve(folder, 'index.html')).href
    const { page, requests } = await open(browser, url, { viewport: { width: 2000, height: 1000 } })
    const { pictures, complaints } = await unreadable(page)
    expect(complaints).toEqual([])
    expect(requests).toEqual([])
    const figures = Number.parseInt(String(await page.locator('h1').textContent()), 10)
    expect(pictures).toBe(3 * figures)
    return figures
  } finally {
    await browser.close()
  }
}

/**
 * What cannot be read in the pictures of a contact sheet (classroom/gate/sheet.ts), measured where a browser has laid out every word:
 * words that lie on one another, or reach beyond the picture, by more than half a pixel; ink too near to its paper; nothing drawn.
 */
async function unreadable(page: Page): Promise<{ pictures: number; complaints: string[] }> {
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
