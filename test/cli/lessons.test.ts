import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { lessons as courses, guides } from '../../lessons/manifest.js'
import { testWith } from '../support/need.js'
import { expectReadable } from '../support/pictures.js'

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

/** Guides that no test of their own runs; of the others it asks what the gate would (test/support/guide.ts). */
const others = guides.filter(
  ({ folder }) => !readFileSync(`test/docs/${folder}.test.ts`, 'utf8').includes('useGuide('),
)

test('check: every lesson of the course may be taught, and the guides reach their end', () => {
  const ids = [...courses, ...others].map(({ id }) => id)
  const { status, stdout, stderr } = lessons('check', ...ids, '--json', '--sheet', sheet)
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
  expect(reports.map(({ id }) => id)).toEqual(ids)
  const guided = reports.splice(courses.length)
  expect(guided).toMatchObject(others.map(() => ({ problems: [] })))
  for (const report of reports) {
    expect(report).toMatchObject({ problems: [], student: 0, solution: report.max })
    expect(report.max).toBeGreaterThan(0)
    expect(report.seconds).toEqual({ student: expect.any(Number), solution: expect.any(Number) })
  }
}, 1_200_000)

testWith(
  ['chromium'],
  'the contact sheet: every figure of the lessons can be read, in light, in dark and in grey',
  async () => {
    expect(await expectReadable(sheet)).toBeGreaterThan(50)
  },
  120_000,
)
