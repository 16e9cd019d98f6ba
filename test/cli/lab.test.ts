import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { adam, trace } from 'downhill'
import { describe, expect } from 'vitest'
import { packageRoot } from '../../cli/root.js'
import { descendants, isRunning, NotebookPage, start, waitForLine } from '../support/jupyterlab.js'
import { useLab } from '../support/lab.js'
import { testWith } from '../support/need.js'

const first = '01-three-adam-steps.ipynb'
const second = '02-gradient-clipping.ipynb'

interface NotebookFile {
  cells: { cell_type: string; outputs?: unknown[]; execution_count?: number | null }[]
}

/** Puts a copy without any stored output into the folder: what the page shows later was computed there. */
function putStripped(name: string, work: string): void {
  const notebook = JSON.parse(
    readFileSync(join(packageRoot, 'notebooks', name), 'utf8'),
  ) as NotebookFile
  for (const cell of notebook.cells)
    if (cell.cell_type === 'code') Object.assign(cell, { outputs: [], execution_count: null })
  writeFileSync(join(work, name), JSON.stringify(notebook))
}

describe('the lessons in JupyterLab, as npm start opens them', () => {
  const lab = useLab((work) => putStripped(first, work))

  testWith(['python', 'chromium'], 'a new notebook is a TypeScript notebook', async () => {
    const { origin, search } = new URL(lab.url)
    const specs = await (await fetch(`${origin}/api/kernelspecs${search}`)).json()
    expect(specs.default).toBe('downhill')
    expect(specs.kernelspecs.downhill.spec.language).toBe('typescript')
  })

  testWith(
    ['python', 'chromium'],
    'the address opens the start page, and a click leads from there to lesson 01',
    async () => {
      const page = await lab.browser.newPage({ viewport: { width: 1280, height: 1000 } })
      page.setDefaultTimeout(60_000)
      await page.goto(lab.url)
      await page.getByRole('heading', { name: 'Start here' }).waitFor()
      await page.getByRole('link', { name: 'Three steps of Adam' }).click()
      await page.getByRole('heading', { name: 'Three steps of Adam' }).waitFor()
      await page.close()
    },
    120_000,
  )

  testWith(
    ['python', 'chromium'],
    'lesson 01: Run All shows the trace; x0 = 3 typed into its cell shows the new one',
    async () => {
      const notebook = await NotebookPage.open(lab.browser, lab.url, first)
      const { page } = notebook
      expect(await page.locator('.jp-Dialog').count()).toBe(0)
      expect(await notebook.isDirty()).toBe(false)
      expect((await notebook.cells()).flatMap((cell) => cell.outputs)).toEqual([])

      await notebook.runAll()
      const cells = await notebook.allRan(120_000)
      expect(cells.map((cell) => cell.executionCount)).toEqual(cells.map((_, index) => index + 1))
      const cell = await notebook.show('const x0 = 2')
      const area = cell.locator('.jp-OutputArea').first()
      for (const x of ['1.9900', '1.9800', '1.9700']) await area.getByText(x).first().waitFor()
      await notebook.picture('lab-01-run-all')

      const rows = await trace(adam, {
        start: 3,
        gradient: (x) => 2 * x,
        steps: 3,
        options: { lr: 0.01 },
      })
      await notebook.replace(cell, 'x0 = 2', 'x0 = 3')
      await page.keyboard.press('Control+Enter')
      for (const { x } of rows)
        await area.getByText(Number(x).toFixed(4), { exact: false }).first().waitFor()
      expect(await area.getByText('1.9900').count()).toBe(0)
      await notebook.picture('lab-01-x0-is-3')
      expect(notebook.outside).toEqual([])
      expect(notebook.errors).toEqual([])
      await page.close()
    },
    240_000,
  )

  testWith(
    ['python', 'chromium'],
    'lesson 02 runs as a whole',
    async () => {
      const notebook = await NotebookPage.open(lab.browser, lab.url, second)
      await notebook.runAll()
      await notebook.allRan(120_000)
      await notebook.picture('lab-02-run-all')
      expect(notebook.outside).toEqual([])
      expect(notebook.errors).toEqual([])
      await notebook.page.close()
    },
    240_000,
  )

  testWith(
    ['python', 'chromium'],
    'the tour of the kernel runs as a whole, past what fails on purpose; its slider redraws the figure',
    async () => {
      const notebook = await NotebookPage.open(lab.browser, lab.url, 'kernel-tour.ipynb')
      await notebook.runAll()
      const cells = await notebook.allRan(120_000)
      const failed = cells.filter(({ outputs }) => outputs.some((o) => o.ename !== undefined))
      expect(failed).toHaveLength(3)
      expect(failed.every(({ tags }) => tags.includes('raises-exception'))).toBe(true)
      const question = await notebook.show('?warmupCosine')
      await question.locator('.jp-OutputArea').getByText('Linear warmup to').waitFor()

      const cell = await notebook.show('const slider')
      // JupyterLab shows SVG as an image, so what it draws is in the address of that.
      const drawn = () => cell.locator('.jp-RenderedSVG img').getAttribute('src')
      await expect.poll(drawn, { timeout: 30_000 }).toContain('100%20steps%20of%20warmup')
      await cell.getByRole('slider').fill('400')
      await expect.poll(drawn, { timeout: 30_000 }).toContain('400%20steps%20of%20warmup')
      await notebook.picture('lab-tour-slider')
      const button = (await notebook.show('const counter')).locator('button.tour-count')
      await button.getByText('clicked 10 times').waitFor()
      await button.click()
      await button.getByText('clicked 11 times').waitFor()
      expect(notebook.outside).toEqual([])
      expect(notebook.errors).toEqual([])
      await notebook.page.close()
    },
    240_000,
  )

  testWith(
    ['python', 'chromium'],
    'fit draws its curves anew while it trains',
    async () => {
      const notebook = await NotebookPage.open(lab.browser, lab.url, 'kernel-tour.ipynb')
      const cell = await notebook.show('const training = await fit')
      await notebook.page.evaluate(() => {
        const seen = new Set<string>()
        Object.assign(globalThis, { seen })
        new MutationObserver(() => {
          for (const { src } of document.querySelectorAll<HTMLImageElement>('.jp-RenderedSVG img'))
            seen.add(src)
        }).observe(document.body, { subtree: true, childList: true, attributes: true })
      })
      await cell.locator('.cm-content').click()
      await notebook.page.keyboard.press('Shift+Enter')
      await cell.locator('.jp-OutputArea').getByText('1920 of 1920').waitFor({ timeout: 60_000 })
      // The last figure comes after the last count.
      const seen = () =>
        notebook.page.evaluate(() => (globalThis as unknown as { seen: Set<string> }).seen.size)
      await expect.poll(seen).toBeGreaterThan(1)
      expect(await cell.locator('.jp-RenderedSVG img').count()).toBe(1)
      await notebook.picture('lab-tour-live')
      expect(notebook.errors).toEqual([])
      await notebook.page.close()
    },
    120_000,
  )

  testWith(
    ['python', 'chromium'],
    'how long a step is: measured, drawn and told, for every machine',
    async () => {
      const notebook = await NotebookPage.open(lab.browser, lab.url, 'speed.ipynb')
      await notebook.runAll()
      await notebook.allRan(240_000)
      const plot = await notebook.show("title: 'One step of AdamW on each machine'")
      const picture = plot.locator('.jp-RenderedSVG img')
      await picture.waitFor()
      expect(await picture.getAttribute('src')).toContain('weights%20in%20the%20tensor')
      await picture.scrollIntoViewIfNeeded()
      await notebook.picture('lab-speed-plot')
      const why = await notebook.show('const wins = sizes')
      await why.locator('.jp-OutputArea').getByText('was the fastest of').waitFor()
      await notebook.picture('lab-speed-default')
      expect(notebook.outside).toEqual([])
      expect(notebook.errors).toEqual([])
      await notebook.page.close()
    },
    300_000,
  )

  testWith(
    ['python', 'chromium'],
    'three more starts at once find a port each',
    async () => {
      const labs = [0, 1, 2].map(() =>
        start(process.execPath, ['cli/bootstrap.mjs', 'lab', lab.work, '--no-browser']),
      )
      try {
        const urls = await Promise.all(
          labs.map((each) => waitForLine(each, /^JupyterLab: (http:\S+)$/m)),
        )
        expect(new Set(urls.map((each) => new URL(each).port)).size).toBe(3)
      } finally {
        for (const { child } of labs) child.kill('SIGTERM')
      }
      expect(await Promise.all(labs.map(({ ended }) => ended))).toEqual([0, 0, 0])
    },
    240_000,
  )

  testWith(
    ['python', 'chromium'],
    'stopping it leaves no process behind',
    async () => {
      const started = descendants(lab.running.child.pid!)
      expect(started.length).toBeGreaterThan(1) // the server, and the kernels of the notebooks above
      lab.running.child.kill('SIGTERM')
      expect(await lab.running.ended).toBe(0)
      await expect.poll(() => started.filter(isRunning)).toEqual([])
    },
    120_000,
  )
})
