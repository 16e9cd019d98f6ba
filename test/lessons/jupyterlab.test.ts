import type { Locator } from 'playwright-core'
import { describe, expect } from 'vitest'
import { type Cell, NotebookPage } from '../support/jupyterlab.js'
import { useLab } from '../support/lab.js'
import { testWith } from '../support/need.js'

interface Move {
  slider: string
  key: string
  /** What the slider says then. */
  value: string
  /** The first line of the figure's text, computed in the kernel. */
  drawn: RegExp
}

/** The lessons with sliders; each slider is moved by a key, in this order. */
const lessons: Record<string, Move[]> = {
  '04-momentum-valley': [
    { slider: 'momentum μ', key: 'ArrowRight', value: '0.81', drawn: /loss (?!0\.0038 )/ },
    { slider: 'momentum μ', key: 'Home', value: '0', drawn: /loss 20 \(heavy ball\) and 20 / },
    { slider: 'learning rate α', key: 'End', value: '0.04', drawn: /loss \d\.\de\+\d\d / },
  ],
  '05-adaptive-methods': [
    { slider: 'β', key: 'ArrowRight', value: '0.951', drawn: /β = 0\.951\b/ },
    { slider: 'β', key: 'Home', value: '0', drawn: /β = 0\b(?!\.)/ },
  ],
  '12-fair-comparison': [
    { slider: 'learning rate of all four', key: 'ArrowRight', value: '0.0105', drawn: /0\.0105\b/ },
    { slider: 'learning rate of all four', key: 'End', value: '1', drawn: /rate 1\b/ },
  ],
}

const drawnIn = ({ outputs }: Cell) => outputs.filter(({ data }) => data?.['image/svg+xml'])

/** JupyterLab shows an SVG as an image: its text, and with it every line that is drawn. */
async function picture(image: Locator): Promise<string> {
  return decodeURIComponent((await image.getAttribute('src')) ?? '')
}

describe('in JupyterLab, as npm start opens it', () => {
  const lab = useLab(() => {})

  testWith(
    ['python', 'chromium'],
    'lessons 04, 05 and 12 run to their end, every figure is drawn, and their sliders draw anew',
    async () => {
      const opened = []
      for (const [name, moves] of Object.entries(lessons)) {
        const notebook = await NotebookPage.open(lab.browser, lab.url, `${name}.ipynb`)
        // The kernel of one runs while the next is opened.
        await notebook.runAll()
        opened.push({ name, moves, notebook })
      }
      for (const { name, moves, notebook } of opened) {
        const cells = await notebook.allRan(300_000)
        await reachesItsEnd(notebook, cells)
        for (const cell of cells) await isDrawn(notebook, cell)
        const figure = await notebook.show('await sliders(')
        for (const move of moves) await moveSlider(notebook, figure, move)
        await figure.locator('.jp-RenderedSVG img').scrollIntoViewIfNeeded()
        await notebook.picture(`lesson-${name.slice(0, 2)}-sliders`)
        expect([name, notebook.outside, notebook.errors]).toEqual([name, [], []])
        await notebook.page.close()
      }
    },
    400_000,
  )
})

/** No error and nothing on stderr, and the checks show what is still to be solved. */
async function reachesItsEnd(notebook: NotebookPage, cells: Cell[]): Promise<void> {
  const all = cells.flatMap(({ outputs }) => outputs as { output_type: string; name?: string }[])
  expect(all.filter((o) => o.output_type === 'error' || o.name === 'stderr')).toEqual([])
  const checks = cells.filter(({ source }) => /^(await )?check\(/m.test(source))
  expect(checks.length).toBeGreaterThanOrEqual(3)
  for (const { source, outputs } of checks) {
    expect(outputs.map(({ data }) => data?.['text/plain'])).toEqual(['0'])
    const table = (await notebook.show(source)).locator('.jp-RenderedHTML table')
    await table.getByText('✗').first().waitFor()
  }
}

/** Each figure of a cell is there to be seen, as large as it was made. */
async function isDrawn(notebook: NotebookPage, cell: Cell): Promise<void> {
  const figures = drawnIn(cell)
  if (figures.length === 0) return
  const images = (await notebook.show(cell.source)).locator('.jp-RenderedSVG img')
  await expect.poll(() => images.count()).toBe(figures.length)
  for (const image of await images.all()) {
    const size = () =>
      image.evaluate((drawn) => {
        const { naturalWidth, clientWidth, clientHeight } = drawn as HTMLImageElement
        return Math.min(naturalWidth, clientWidth) >= 600 && clientHeight >= 200
      })
    await expect.poll(size).toBe(true)
    expect(lines(await picture(image)).length).toBeGreaterThan(0)
  }
}

/** The key moves the slider, and not the notebook; the kernel computes, and the picture in the same place is another. */
async function moveSlider(notebook: NotebookPage, cell: Locator, move: Move): Promise<void> {
  const image = cell.locator('.jp-RenderedSVG img')
  const before = await picture(image)
  const count = (await notebook.cells()).length
  const slider = cell.getByLabel(move.slider, { exact: true })
  await slider.press(move.key)
  await expect.poll(() => slider.getAttribute('aria-valuetext')).toBe(move.value)
  const text = async () => {
    const cells = await notebook.cells()
    const shown = cells.find(({ source }) => source.includes('await sliders('))!
    return drawnIn(shown).map(({ data }) => String(data?.['text/plain']).split('\n')[0])
  }
  await expect.poll(text, { timeout: 60_000 }).toEqual([expect.stringMatching(move.drawn)])
  const title = (await text())[0]!.replace(/^.*Figure: /, '')
  await expect.poll(() => picture(image)).toContain(title)
  expect(lines(await picture(image))).not.toEqual(lines(before))
  expect(await slider.evaluate((node) => node === document.activeElement)).toBe(true)
  expect((await notebook.cells()).length).toBe(count)
}

/** The shapes of all lines of a picture. */
const lines = (svg: string) => [...svg.matchAll(/<path[^>]* d="([^"]+)"/g)].map(([, d]) => d)
