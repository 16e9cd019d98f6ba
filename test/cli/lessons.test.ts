import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { lessons as courses, guides } from '../../lessons/manifest.js'
import { launch, open } from '../support/chromium.js'
import { testWith } from '../support/need.js'
import { unreadable } from '../support/pictures.js'

const folder = mkdtempSync(join(tmpdir(), 'downhill-lessons-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const lessons = (...args: string[]) =>
  spawnSync(process.execPath, ['dist/cli/main.js', 'lessons', ...args], { encoding: 'utf8' })

test('build writes what is committed', () => {
  const { status, stdout } = lessons('build', '--out', folder)
  expect(status).toBe(0)
  const files = readdirSync('notebooks')
  expect(readdirSync(folder)).toEqual(files)
  for (const file of files) {
    expect(stdout).toContain(file)
    expect(readFileSync(join(folder, file), 'utf8')).toBe(
      readFileSync(join('notebooks', file), 'utf8'),
    )
  }
})

test('build refuses solutions without a folder of their own, an unknown lesson and a folder that cannot be', () => {
  const alone = lessons('build', '--solution')
  expect([alone.status, alone.stderr]).toEqual([
    1,
    expect.stringContaining('--solution needs --out DIR'),
  ])
  const unknown = lessons('build', '99', '--out', folder)
  expect([unknown.status, unknown.stderr]).toEqual([
    1,
    expect.stringMatching(/^downhill: no lesson "99"; there are 01 .*\n$/),
  ])
  const file = lessons('build', '--out', join('package.json', 'x'))
  expect([file.status, file.stderr]).toEqual([
    1,
    expect.stringMatching(/^downhill: package\.json.x: cannot be .*\n$/),
  ])
})

/** Left for whoever looks at the figures: git ignores it. */
const sheet = 'artifacts/contact-sheet'

test('check: every lesson of the course may be taught, and the guides reach their end', () => {
  const { status, stdout, stderr } = lessons('check', '--json', '--sheet', sheet)
  expect(stderr).not.toContain('FAILED')
  expect(status).toBe(0)
  const reports: {
    id: string
    problems: string[]
    student: number
    solution: number
    max: number
    seconds: Record<string, number>
  }[] = JSON.parse(stdout)
  expect(reports.map(({ id }) => id)).toEqual([...courses, ...guides].map(({ id }) => id))
  const others = reports.splice(-guides.length)
  expect(others).toMatchObject(guides.map(({ id }) => ({ id, problems: [] })))
  for (const report of reports) {
    expect(report).toMatchObject({ problems: [], student: 0, solution: report.max })
    expect(report.max).toBeGreaterThan(0)
    expect(report.seconds).toEqual({ student: expect.any(Number), solution: expect.any(Number) })
  }
}, 1_200_000)

testWith(
  ['chromium'],
  'the contact sheet: every figure of the course can be read, in light, in dark and in grey',
  async () => {
    const browser = await launch()
    try {
      const url = pathToFileURL(resolve(sheet, 'index.html')).href
      const { page, requests } = await open(browser, url, {
        viewport: { width: 2000, height: 1000 },
      })
      const { pictures, complaints } = await unreadable(page)
      expect(complaints).toEqual([])
      expect(pictures).toBeGreaterThan(3 * 50)
      expect(pictures).toBe(3 * Number.parseInt(String(await page.locator('h1').textContent()), 10))
      expect(requests).toEqual([])
    } finally {
      await browser.close()
    }
  },
  120_000,
)
