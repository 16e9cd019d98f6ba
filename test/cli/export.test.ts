import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { table, warmupCosine } from '../../src/index.js'
import { axe, launch, open } from '../support/chromium.js'
import { testWith } from '../support/need.js'

/** Chromium and a kernel on a busy machine. */
vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'downhill-export-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  status: number | null
  out: string
  err: string
}

function downhill(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['dist/cli/main.js', ...args])
  const ended: Ended = { status: null, out: '', err: '' }
  child.stdout.on('data', (part) => {
    ended.out += part
  })
  child.stderr.on('data', (part) => {
    ended.err += part
  })
  return new Promise((resolve) => child.on('close', (status) => resolve({ ...ended, status })))
}

function notebook(name: string, cells: object[], more: object = {}): string {
  const path = join(folder, name)
  writeFileSync(
    path,
    JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5, ...more }),
  )
  return path
}

const text = (source: string) => ({ cell_type: 'markdown', id: 't', metadata: {}, source })
const code = (source: string, outputs: object[] = []) => ({
  cell_type: 'code',
  id: 'c',
  metadata: {},
  source,
  outputs,
  execution_count: null,
})

describe('lesson 03, run by our kernel and exported', () => {
  const out = join(folder, 'lesson')
  const page = join(out, '03-warmup-cosine.html')
  let result: Ended
  beforeAll(async () => {
    result = await downhill(
      'export',
      'notebooks/03-warmup-cosine.ipynb',
      '--execute',
      '--out',
      out,
      '--json',
    )
  })

  test('is one file, and says so', () => {
    expect(result.err).toMatch(/^ok {6}.*03-warmup-cosine\.html: \d+ kB in \d+\.\d\d s\n$/)
    expect(result.status).toBe(0)
    const [report] = JSON.parse(result.out)
    expect(report.page).toBe(page)
    expect(report.bytes).toBe(readFileSync(page).length)
    expect(readdirSync(out)).toEqual(['03-warmup-cosine.html'])
  })

  testWith(
    ['chromium'],
    'opened from the disk: the trace is table(schedule), nothing is loaded',
    async () => {
      const browser = await launch()
      const { page: tab, requests, complaints } = await open(browser, pathToFileURL(page).href)
      await tab.waitForSelector('html[data-figures="drawn"]')
      const traces = await tab.evaluate(() =>
        [...document.querySelectorAll('.js-plotly-plot')].map(
          (plot) =>
            (plot as unknown as { data: { name: string; x: number[]; y: number[] }[] }).data,
        ),
      )
      const rows = table(warmupCosine({ peak: 1e-3, warmup: 100, total: 1000 }), 1000)
      const trace = traces[0]?.[0]
      expect(trace?.x).toEqual(rows.map(({ step }) => step))
      expect(trace?.y).toEqual(rows.map(({ rate }) => rate))
      expect(requests).toEqual([])
      expect(complaints).toEqual([])
      expect(await axe(tab)).toEqual([])
      await browser.close()
    },
  )

  testWith(['chromium'], 'without JavaScript every figure is a visible picture', async () => {
    const browser = await launch()
    const { page: tab, requests } = await open(browser, pathToFileURL(page).href, {
      javaScriptEnabled: false,
    })
    const pictures = await tab.locator('figure.plot svg').all()
    expect(pictures.length).toBeGreaterThan(0)
    for (const picture of pictures) {
      expect(await picture.isVisible()).toBe(true)
      expect((await picture.boundingBox())?.width).toBeGreaterThan(300)
    }
    expect(requests).toEqual([])
    await browser.close()
  })
})

test('without --execute the stored outputs are shown, and no kernel is needed', async () => {
  const path = notebook('stored.ipynb', [
    text('# Stored'),
    code('1 + 1', [
      {
        output_type: 'execute_result',
        data: { 'text/plain': '2' },
        metadata: {},
        execution_count: 1,
      },
    ]),
  ])
  const { status } = await downhill('export', path, '--out', join(folder, 'deep/er'))
  expect(status).toBe(0)
  expect(readFileSync(join(folder, 'deep/er/stored.html'), 'utf8')).toContain(
    'aria-label="Result">2</pre>',
  )
})

test('a cell that fails is in the page, and the exit status says so', async () => {
  const path = notebook('fails.ipynb', [
    code('console.log("before")'),
    code('throw new RangeError("too far")'),
    code('1'),
  ])
  const { status, err } = await downhill('export', path, '--execute', '--out', folder)
  expect(err).toContain(`FAILED  ${path}: cell 2 failed (RangeError: too far); the page ends there`)
  expect(status).toBe(1)
  const html = readFileSync(join(folder, 'fails.html'), 'utf8')
  expect(html).toContain('>before</pre>')
  expect(html).toContain('<code>RangeError</code>: too far')
})

describe('bad input: one line that says what to do, nothing written', () => {
  const refused = async (args: string[], message: string | RegExp) => {
    const { status, out, err } = await downhill('export', ...args)
    expect(err).toMatch(message)
    expect(err.trim().split('\n')).toHaveLength(1)
    expect(out).toBe('')
    expect(status).toBe(1)
  }

  test('not a notebook', async () => {
    const path = join(folder, 'not.ipynb')
    writeFileSync(path, 'hello')
    await refused([path, '--out', folder], /not\.ipynb: not a notebook \(it is not JSON\)/)
    expect(existsSync(join(folder, 'not.html'))).toBe(false)
  })

  test('no such file, while others are still exported', async () => {
    const good = notebook('good.ipynb', [text('good')])
    const { status, err } = await downhill(
      'export',
      join(folder, 'none.ipynb'),
      good,
      '--out',
      folder,
    )
    expect(err).toMatch(/FAILED .*none\.ipynb: cannot be read \(ENOENT\)/)
    expect(err).toMatch(/ok .*good\.html/)
    expect(status).toBe(1)
  })

  test('two notebooks of one name', async () => {
    mkdirSync(join(folder, 'a'), { recursive: true })
    const first = notebook('same.ipynb', [])
    const second = notebook('a/same.ipynb', [])
    await refused(
      [first, second, '--out', folder],
      /would both become .*same\.html; export one of them to another --out/,
    )
  })

  test('a file where the folder should be', async () => {
    const path = notebook('one.ipynb', [])
    await refused(
      [path, '--out', path],
      /one\.ipynb: cannot be written \(EEXIST\): a file of that name is in the way/,
    )
  })

  test('a page that cannot be replaced', async () => {
    const path = notebook('held.ipynb', [text('x')])
    mkdirSync(join(folder, 'held/held.html'), { recursive: true })
    await refused([path, '--out', join(folder, 'held')], /held\.html: cannot be written \(EISDIR\)/)
    expect(readdirSync(join(folder, 'held'))).toEqual(['held.html'])
  })

  test('a folder that takes no files', async () => {
    const path = notebook('ro.ipynb', [text('x')])
    await refused(
      [path, '--out', '/proc'],
      /^FAILED {2}\/proc\/ro\.html: cannot be written \(E\w+\): .*; choose another folder with --out\n$/,
    )
  })

  test('--server without --execute', async () => {
    const path = notebook('two.ipynb', [])
    await refused(
      [path, '--out', folder, '--server', 'http://localhost:1'],
      /--server and --timeout need --execute/,
    )
  })
})
