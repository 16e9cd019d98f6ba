import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ICell, INotebookContent, IOutput } from '@jupyterlab/nbformat'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { exportNotebook } from '../../classroom/export/index.js'
import { displaySymbol } from '../../src/host/types.js'
import { lines, panels, schedulePlot } from '../../src/plots/index.js'
import { table } from '../../src/schedules/table.js'
import { warmupCosine } from '../../src/schedules/warmupCosine.js'
import { axe, launch, open } from '../support/chromium.js'
import { has, testWith } from '../support/need.js'

/** Chromium on a busy machine. */
vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'downhill-page-'))
let browser: Browser
beforeAll(async () => {
  if (has('chromium')) browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

const markdown = (source: string, more: Partial<ICell> = {}): ICell =>
  ({ cell_type: 'markdown', id: 'text', metadata: {}, source, ...more }) as ICell
const code = (source: string, ...outputs: IOutput[]): ICell => ({
  cell_type: 'code',
  id: 'code',
  metadata: {},
  source,
  outputs,
  execution_count: 1,
})
const shown = (data: object): IOutput =>
  ({ output_type: 'display_data', data, metadata: {} }) as IOutput
const notebook = (...cells: ICell[]): INotebookContent => ({
  cells,
  metadata: { kernelspec: { name: 'downhill', display_name: 'Downhill', language: 'typescript' } },
  nbformat: 4,
  nbformat_minor: 5,
})

function save(name: string, content: INotebookContent): string {
  const path = join(folder, `${name}.html`)
  writeFileSync(path, exportNotebook(content, { name }))
  return pathToFileURL(path).href
}

const schedule = warmupCosine({ peak: 1e-3, warmup: 100, total: 1000 })
const figure = schedulePlot({ 'warmup + cosine': schedule }, { steps: 1000, title: 'Warmup' })
const source = "import { table } from 'downhill'\n\nconst less = 1 < 2 && '</script>' // a comment"
async function lesson(): Promise<string> {
  return save(
    'lesson',
    notebook(
      markdown(
        '# A lesson\n\nText with $\\alpha$ and [the rule](#The-rule).\n\n## The rule\n\n$$m \\leftarrow \\beta m$$',
      ),
      code(source, { output_type: 'stream', name: 'stdout', text: 'printed\n' }),
      markdown('## Figures\n\n| a | b |\n|---|--:|\n| 1 | 2 |'),
      code('schedulePlot(…)', shown(await figure[displaySymbol]())),
      code('fails()', {
        output_type: 'error',
        ename: 'RangeError',
        evalue: 'adam: lr must be > 0, got -1',
        traceback: ['\u001b[31mRangeError\u001b[0m: adam: lr must be > 0, got -1'],
      }),
    ),
  )
}

interface Drawn {
  data: { x: number[]; y: number[] }[]
}

describe('a lesson opened from the disk', () => {
  testWith(['chromium'], 'Plotly draws the numbers of the table; nothing is loaded', async () => {
    const { page, requests, complaints, close } = await open(browser, await lesson())
    await page.waitForSelector('html[data-figures="drawn"]')
    const traces = await page.evaluate(
      () => (document.querySelector('.js-plotly-plot') as unknown as Drawn).data,
    )
    const rows = table(schedule, 1000)
    expect(traces[0]?.x).toEqual(rows.map(({ step }) => step))
    expect(traces[0]?.y).toEqual(rows.map(({ rate }) => rate))
    expect(await page.locator('.js-plotly-plot .scatterlayer .trace path.js-line').count()).toBe(1)
    expect(await page.locator('.still').isVisible()).toBe(false)
    expect(requests).toEqual([])
    expect(complaints).toEqual([])
    await close()
  })

  testWith(
    ['chromium'],
    'without JavaScript the picture, formulas and code are there',
    async () => {
      const { page, requests, close } = await open(browser, await lesson(), {
        javaScriptEnabled: false,
      })
      const svg = page.locator('figure.plot svg')
      expect(await svg.isVisible()).toBe(true)
      const box = await svg.boundingBox()
      expect(box?.width).toBeGreaterThan(300)
      expect(box?.height).toBeGreaterThan(150)
      expect(await svg.locator('g[stroke="#0072B2"] path').isVisible()).toBe(true)
      expect(await page.locator('.katex-display .katex-html').isVisible()).toBe(true)
      expect(await page.locator('.hljs-keyword').first().isVisible()).toBe(true)
      expect(await page.locator('#dh-theme').isVisible()).toBe(false)
      expect(requests).toEqual([])
      await close()
    },
  )

  for (const colorScheme of ['light', 'dark'] as const) {
    testWith(
      ['chromium'],
      `axe-core has nothing to say, ${colorScheme}, with JavaScript and without`,
      async () => {
        const url = await lesson()
        const { page, close } = await open(browser, url, { colorScheme })
        await page.waitForSelector('html[data-figures="drawn"]')
        expect(await axe(page)).toEqual([])
        await close()
        // axe-core is JavaScript itself, so "without" is the page whose own scripts never ran.
        const still = await open(browser, 'about:blank', { colorScheme })
        const html = readFileSync(new URL(url), 'utf8').replace(/<script>[\s\S]*<\/script>/, '')
        await still.page.setContent(html)
        expect(await still.page.locator('figure.plot svg').isVisible()).toBe(true)
        expect(await axe(still.page)).toEqual([])
        await still.close()
      },
    )
  }

  testWith(['chromium'], 'a figure of panels has axes of its own in each, and a band', async () => {
    const y = [3, 2, 1]
    const loss = lines({
      title: 'Loss',
      xTitle: 'epoch',
      yTitle: 'loss',
      series: [{ name: 'mean', y, band: { low: y.map((v) => v - 1), high: y.map((v) => v + 1) } }],
    })
    const both = panels([loss, figure, loss], { title: 'A run' })
    const url = save(
      'panels',
      notebook(markdown('# Panels'), code('panels(…)', shown(await both[displaySymbol]()))),
    )
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, complaints, close } = await open(browser, url, { colorScheme })
      await page.waitForSelector('html[data-figures="drawn"]')
      const grids = page.locator('.js-plotly-plot .cartesianlayer .subplot')
      expect(await grids.count()).toBe(3)
      const colours = await page
        .locator('.js-plotly-plot .gridlayer path')
        .evaluateAll((paths) => [...new Set(paths.map((path) => getComputedStyle(path).stroke))])
      expect(colours).toHaveLength(1)
      expect(await page.locator('.js-plotly-plot .fills path').count()).toBe(2)
      expect(await axe(page)).toEqual([])
      expect(complaints).toEqual([])
      await close()
    }
  })

  testWith(
    ['chromium'],
    'on a telephone panels stand below each other, and titles break',
    async () => {
      const title = 'A title that is much longer than a telephone is wide, and is read to its end'
      const both = panels([figure, figure], { title })
      const url = save(
        'telephone',
        notebook(markdown('# Panels'), code('panels(…)', shown(await both[displaySymbol]()))),
      )
      const { page, close } = await open(browser, url)
      const lefts = () =>
        page
          .locator('.js-plotly-plot .bglayer rect, .js-plotly-plot .xaxislayer-above')
          .evaluateAll(() =>
            ['xaxis', 'xaxis2'].map(
              (axis) =>
                (
                  document.querySelector('.js-plotly-plot') as unknown as {
                    _fullLayout: Record<string, { _offset: number }>
                  }
                )._fullLayout[axis]!._offset,
            ),
          )
      await page.waitForSelector('html[data-figures="drawn"]')
      const [left, right] = await lefts()
      expect(right).toBeGreaterThan(left! + 200)
      await page.setViewportSize({ width: 360, height: 800 })
      await expect.poll(async () => (await lefts())[1]).toBe((await lefts())[0])
      const box = await page.locator('.plot .title').boundingBox()
      expect(box!.width).toBeLessThan(360)
      expect(box!.height).toBeGreaterThan(40)
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
      await close()
    },
  )

  testWith(['chromium'], 'light and dark follow the system, and the button', async () => {
    const { page, close } = await open(browser, await lesson(), { colorScheme: 'dark' })
    await page.waitForSelector('html[data-figures="drawn"]')
    const paper = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
    const label = () =>
      page.evaluate(
        () => getComputedStyle(document.querySelector('.js-plotly-plot .xtick text')!).fill,
      )
    const dark = [await paper(), await label()]
    await page.getByRole('button', { name: 'Use light colours' }).click()
    await page.waitForFunction(
      (was) =>
        getComputedStyle(document.querySelector('.js-plotly-plot .xtick text')!).fill !== was,
      dark[1],
    )
    expect(await paper()).not.toBe(dark[0])
    expect(await page.getByRole('button', { name: 'Use dark colours' }).isVisible()).toBe(true)
    await close()
  })

  testWith(
    ['chromium'],
    'keyboard: the first stop leads to the lesson; contents lead to headings',
    async () => {
      const { page, close } = await open(browser, await lesson())
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN')
      const links = page.locator('nav a')
      expect(await links.allTextContents()).toEqual(['The rule', 'Figures'])
      await links.last().click()
      await expect
        .poll(() => page.evaluate(() => document.querySelector(':target')?.textContent))
        .toBe('Figures')
      await close()
    },
  )

  testWith(['chromium'], 'on paper: the picture instead of Plotly, black on white', async () => {
    const { page, close } = await open(browser, await lesson(), { colorScheme: 'dark' })
    await page.waitForSelector('html[data-figures="drawn"]')
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await page.locator('.still svg').isVisible()).toBe(true)
    expect(await page.locator('.live').isVisible()).toBe(false)
    expect(await page.locator('nav').isVisible()).toBe(false)
    expect(
      await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor),
    ).toBe('rgb(255, 255, 255)')
    await close()
  })

  testWith(['chromium'], 'a narrow screen scrolls its tables and code, not the page', async () => {
    const { page, close } = await open(browser, await lesson(), {
      viewport: { width: 360, height: 740 },
    })
    await page.waitForSelector('html[data-figures="drawn"]')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
    await close()
  })

  testWith(
    ['chromium'],
    'code cells hold exactly their source, where live cells will find it',
    async () => {
      const { page, close } = await open(browser, await lesson())
      const cell = page.locator('[data-cell="code"]').first()
      expect(await cell.locator('code.language-typescript').textContent()).toBe(source)
      await close()
    },
  )
})

const policy = /<meta http-equiv="Content-Security-Policy"[^>]*>/

describe('a hostile notebook', () => {
  let server: Server
  let hits: string[]
  beforeAll(async () => {
    hits = []
    server = createServer((request, response) => {
      hits.push(request.url ?? '')
      response.setHeader('access-control-allow-origin', '*')
      response.end('x')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => server.close())

  /** Everything that a page could be tricked with, in every place where a notebook holds text. */
  function hostile(): INotebookContent {
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const evil = `http://127.0.0.1:${port}`
    const attack = `<script>globalThis.pwned = 1; fetch('${evil}/script')</script>
<img src="${evil}/img.png" onerror="globalThis.pwned = 2"><img src=x onerror="globalThis.pwned = 3">
<style>body { background: url(${evil}/style) }</style><div style="background:url(${evil}/attr)">x</div>
<iframe src="${evil}/frame" srcdoc="<script>parent.pwned = 4</script>"></iframe>
<svg onload="globalThis.pwned = 5"><script>globalThis.pwned = 6</script><image href="${evil}/image"/></svg>
<link rel="stylesheet" href="${evil}/css"><meta http-equiv="refresh" content="0;url=${evil}/refresh">
<a id="js" href="javascript:globalThis.pwned = 7">a link</a><base href="${evil}/">
<object data="${evil}/object"></object><video src="${evil}/video" autoplay></video>
<p id="dh-plotly">replaced?</p></main></body></html><script>globalThis.pwned = 8</script>`
    const plotly = {
      data: [
        {
          type: 'scatter',
          x: [1, 2],
          y: [3, 4],
          name: '</script><script>globalThis.pwned = 9</script>',
        },
      ],
      layout: {
        title: {
          text: '<a href="javascript:globalThis.pwned = 10">t</a><img src=x onerror="globalThis.pwned = 11">',
        },
        images: [{ source: `${evil}/plotly.png`, x: 0, y: 1, sizex: 1, sizey: 1 }],
        meta: { alt: '"><script>globalThis.pwned = 12</script>' },
      },
    }
    return notebook(
      markdown(
        `# Title <script>globalThis.pwned = 13</script>\n\n${attack}\n\n![p](${evil}/md.png) [l](javascript:globalThis.pwned=14)\n\n$\\href{javascript:globalThis.pwned=15}{x}$`,
      ),
      markdown('![a](attachment:a.svg)', {
        attachments: { 'a.svg': { 'image/svg+xml': '<svg onload="globalThis.pwned = 16"/>' } },
      }),
      code(`</code></pre></script><script>globalThis.pwned = 17</script>`, {
        output_type: 'stream',
        name: 'stdout',
        text: attack,
      }),
      code('1', shown({ 'text/html': attack })),
      code(
        '2',
        shown({
          'image/svg+xml': `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" aria-label='"><script>globalThis.pwned = 18</script>' onload="globalThis.pwned = 19"><image href="${evil}/svg.png"/><script>globalThis.pwned = 20</script></svg>`,
        }),
      ),
      code('3', shown({ 'image/png': `AAAA" onerror="globalThis.pwned = 21` })),
      code(
        '4',
        shown({ 'text/markdown': attack }),
        shown({ 'text/latex': '$\\includegraphics{x}$' }),
      ),
      code('5', shown({ 'application/vnd.plotly.v1+json': plotly, 'image/svg+xml': attack })),
      ...[
        { type: 'choropleth', geojson: `${evil}/geojson`, locations: ['x'], z: [1] },
        { type: 'image', source: `${evil}/trace.png` },
        { type: 'scattergeo', lon: [1], lat: [1] },
      ].map((trace) => code('5', shown({ 'application/vnd.plotly.v1+json': { data: [trace] } }))),
      markdown('<div>'.repeat(30_000)),
      code('6', { output_type: 'error', ename: attack, evalue: attack, traceback: [attack] }),
      code('7', shown({ [attack]: attack })),
    )
  }

  for (const guard of [
    'with its policy',
    'without it: what is in the page is harmless in itself',
  ]) {
    testWith(['chromium'], `runs nothing and reaches nobody, ${guard}`, async () => {
      const path = join(folder, 'hostile.html')
      const html = exportNotebook(hostile())
      expect(html).toMatch(policy)
      writeFileSync(path, guard === 'with its policy' ? html : html.replace(policy, ''))
      const { page, complaints, close } = await open(browser, pathToFileURL(path).href)
      await page.waitForSelector('html[data-figures="drawn"]')
      await page.waitForLoadState('networkidle')
      for (const link of await page.locator('main a').all()) {
        const href = await link.getAttribute('href')
        if (href !== null) expect(href).not.toMatch(/^\s*javascript/i)
      }
      expect(await page.evaluate(() => (globalThis as { pwned?: number }).pwned)).toBeUndefined()
      expect(hits).toEqual([])
      expect(complaints.filter((text) => text.startsWith('dialog'))).toEqual([])
      expect(await page.locator('footer').count()).toBe(1)
      await close()
    })
  }
})

test('a page is complete without a browser: no address in it but those of links', () => {
  const html = exportNotebook(notebook(markdown('# A\n\n[link](https://example.org)')))
  expect(html).not.toMatch(/\ssrc="(?!data:)|<link|@import|url\((?!data:)/)
  expect(html).toContain("connect-src 'none'")
  expect(html).not.toContain('id="dh-plotly"')
})
