import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { csvParse } from 'd3-dsv'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { openHost } from '../../../classroom/client/index.js'
import {
  type FolderOptions,
  findSubmissions,
  type Grade,
  gradeFolder,
  inTurns,
  loadLesson,
} from '../../../classroom/grade/index.js'
import { notebookText } from '../../../classroom/notebook/index.js'
import { packageRoot } from '../../../cli/root.js'
import { has, testWith } from '../../support/need.js'
import { submission } from '../../support/submission.js'
import { hostile } from './hostile.js'

vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'grade-'))
const [dir, out] = [join(folder, 'in'), join(folder, 'out')]
const grades = new Map<string, Grade>()
const temporary = mkdtempSync(join(tmpdir(), 'grade-tmp-'))
let connections = 0
let listener: Server

const cases = hostile(packageRoot, 0)
const flood = Object.keys(cases).find((name) => name.startsWith('prints 100 MB'))!

async function grade(options: Partial<FolderOptions> = {}): Promise<{ graded: string[] }> {
  const graded: string[] = []
  const host = await openHost()
  try {
    const lesson = await loadLesson(packageRoot, '02')
    const all = await gradeFolder(findSubmissions(dir, lesson.entry.folder), {
      host,
      lesson,
      packageRoot,
      sandboxed: true,
      times: { step: 9000, call: 3000, total: 60_000 },
      limits: { cpu: 60, memory: 1.5e9, files: 64 * 2 ** 20, processes: 16 },
      seed: 7,
      out,
      turns: inTurns(2),
      regrade: false,
      onGrade: ({ student }, fresh) => void (fresh && graded.push(student)),
      ...options,
    })
    for (const each of all) grades.set(each.student, each)
  } finally {
    await host.dispose()
  }
  return { graded }
}

beforeAll(async () => {
  if (!has('bubblewrap')) return
  process.env.SECRET = 'of the teacher'
  process.env.TMPDIR = temporary
  listener = createServer(() => void connections++)
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  mkdirSync(dir)
  for (const [name, { handed }] of Object.entries(hostile(packageRoot, port)))
    writeFileSync(join(dir, `${name}.ipynb`), notebookText(submission('02', handed)))
  await grade()
}, 300_000)

afterAll(() => {
  listener?.close()
  rmSync(folder, { recursive: true })
  rmSync(temporary, { recursive: true })
})

for (const [name, { points, notes = [] }] of Object.entries(cases))
  testWith(['bubblewrap'], `a submission that ${name} gets its honest points`, () => {
    const { exercises, flags, cells } = grades.get(name)!
    const seen = [...flags, ...cells.map(({ cell, what }) => `Cell ${cell}: ${what}`)]
    expect([exercises.map((exercise) => exercise.points), seen]).toEqual([
      points,
      notes === 'any' ? expect.any(Array) : notes.map((note) => expect.stringMatching(note)),
    ])
  })

testWith(['bubblewrap'], 'nobody was connected to', () => expect(connections).toBe(0))

testWith(
  ['bubblewrap'],
  'feedback says why, and neither inputs nor prints of hidden checks',
  () => {
    const page = readFileSync(join(out, 'feedback', 'tells the inputs.html'), 'utf8')
    const hidden = grades.get('tells the inputs')!.exercises[0]!.checks.filter((row) => row.hidden)
    expect(hidden.every(({ got }) => /leak \[/.test(got))).toBe(true)
    expect(page.match(/leak \[/g)).toHaveLength(2) // those of the visible checks
    expect(page).toContain('gᵢ ← min(c, max(−c, gᵢ)), for any limit<br>Hint: ')
    expect(readFileSync(join(out, 'feedback', `${flood}.html`), 'utf8')).not.toContain('secret')
  },
)

testWith(['bubblewrap'], 'the gradebook has a row for each student', () => {
  const rows = csvParse(readFileSync(join(out, 'gradebook.csv'), 'utf8'))
  expect(rows).toHaveLength(Object.keys(cases).length)
  expect(rows.columns).toEqual([
    'student',
    'clip-by-value',
    'clip-by-norm',
    'total',
    'max',
    'flags',
  ])
  const deleted = rows.find(({ student }) => student!.startsWith('deletes one'))
  expect({ ...deleted }).toEqual({
    student: 'deletes one check and passes another by hand',
    'clip-by-value': '5',
    'clip-by-norm': '10',
    total: '15',
    max: '15',
    flags: 'check "clip-by-value" was deleted; check "clip-by-norm" was changed',
  })
})

testWith(
  ['bubblewrap'],
  'a second run grades only what changed, and new limits grade all',
  async () => {
    expect(await grade()).toEqual({ graded: [] })
    const name = 'exits in a cell'
    writeFileSync(join(dir, `${name}.ipynb`), notebookText(submission('02')))
    // As after a run that was cut short before this one was done.
    rmSync(join(out, 'results', 'starts a shell.json'))
    expect((await grade()).graded.sort()).toEqual([name, 'starts a shell'])
    expect(grades.get(name)).toMatchObject({ points: 15, cells: [], flags: [] })
  },
)

testWith(['bubblewrap'], 'no folder is left of the kernels', async () => {
  await expect.poll(() => readdirSync(temporary)).toEqual([])
})
