import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openHost } from '../../../classroom/client/host.js'
import type { KernelHost } from '../../../classroom/client/types.js'
import { checkLesson } from '../../../classroom/gate/gate.js'
import { typeErrors } from '../../../classroom/gate/typecheck.js'
import { findLessons, findNotebooks } from '../../../classroom/notebook/course.js'

/** A clone whose lessons may be spoiled. */
const root = mkdtempSync(join(tmpdir(), 'downhill-gate-'))
const source = join(root, 'lessons', '02-gradient-clipping', 'lesson.ts')
const [entry] = findLessons(['02'])
let host: KernelHost

beforeAll(async () => {
  for (const name of ['node_modules', 'dist', 'src', 'package.json', 'tsconfig.json'])
    symlinkSync(resolve(name), join(root, name))
  cpSync('notebooks', join(root, 'notebooks'), { recursive: true })
  host = await openHost()
})
beforeEach(() => cpSync('lessons', join(root, 'lessons'), { recursive: true, force: true }))
afterAll(async () => {
  await host.dispose()
  rmSync(root, { recursive: true, force: true })
})

function spoil(from: string, to: string): void {
  const text = readFileSync(source, 'utf8')
  expect(text).toContain(from)
  writeFileSync(source, text.replace(from, to))
}

test('a wrong solution: each check it fails is named, with the command to repeat it', async () => {
  spoil('Math.min(1, limit / Math.sqrt(squares))', 'limit / Math.sqrt(squares)')
  const { problems, student, solution, max } = await checkLesson(entry!, { root, host })
  expect([student, solution, max]).toEqual([0, 12, 15])
  const failed = problems.filter((text) => text.includes('the solution fails check'))
  expect(failed.map((text) => /check "(.*?)"/.exec(text)![1])).toEqual([
    'below-the-limit',
    'short-enough',
    'zero-gradient',
  ])
  for (const text of failed) expect(text).toMatch(/^lesson 02: .*; run downhill lessons check 02$/)
  expect(problems).toContain(
    'lesson 02: check cell "clip-by-norm" of the solution version shows 3, not 4',
  )
}, 120_000)

test('a lesson that is loud, gives points for nothing, and is not what was committed', async () => {
  spoil('const guess =', "console.error('loud')\nconst guess =")
  spoil(
    '  // BEGIN SOLUTION\n  return gradient.map',
    '  if (limit > 0) return gradient\n  // BEGIN SOLUTION\n  return gradient.map',
  )
  const { problems } = await checkLesson(entry!, { root, host })
  expect(problems).toContain(
    'lesson 02: notebooks/02-gradient-clipping.ipynb is not current; run downhill lessons build 02',
  )
  expect(problems).toContain(
    'lesson 02: cell 4 of the student version writes to stderr, which costs all points in nbgrader',
  )
  expect(problems).toContain(
    'lesson 02: the student version passes check "small-enough"; a check must fail until the exercise is done',
  )
}, 120_000)

test('a lesson that throws and does not type-check', async () => {
  spoil('const guess =', "if (1 + 1 === 2) throw new Error('halt')\nconst guess =")
  spoil('const before =', 'const wrong: string = 1\nconst before =')
  const { problems } = await checkLesson(entry!, { root, host })
  for (const version of ['student', 'solution']) {
    expect(problems).toContain(
      `lesson 02: the ${version} version does not reach its end: cell 4: Error: halt`,
    )
    expect(problems).toContain(
      `lesson 02: the ${version} version does not type-check: TS2322: Type 'number' is not assignable to type 'string'. in "const wrong: string = 1"`,
    )
  }
}, 120_000)

test('a guide that is not what was committed and stops on its way', async () => {
  const [tour] = findNotebooks(['tour'])
  mkdirSync(join(root, 'docs'))
  const cells = ['// %% tag=raises-exception', "throw new Error('meant')", '// %%', 'null!.x', '']
  writeFileSync(join(root, 'docs', 'kernel-tour.ts'), cells.join('\n'))
  const { problems, max } = await checkLesson(tour!, { root, host })
  expect(problems).toEqual([
    'tour: notebooks/kernel-tour.ipynb is not current; run downhill lessons build tour',
    expect.stringMatching(/^tour: the notebook does not reach its end: cell 2: TypeScriptError: /),
  ])
  expect(max).toBeUndefined()
}, 60_000)

test('a source that cannot be parsed is one problem', async () => {
  spoil('// %% check=clip-by-norm', '// %% check=clip-by-nrom')
  const { problems } = await checkLesson(entry!, { root, host })
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(/^lesson 02: exercise "clip-by-norm" needs one cell/)
})

test('the type gate leaves nothing behind and sees each notebook alone', async () => {
  const notebook = (...sources: string[]) => ({
    cells: sources.map((source) => ({ cell_type: 'code', source, metadata: {} })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  })
  const errors = await typeErrors('.', [
    { name: 'good', notebook: notebook("import { adam } from 'downhill'", 'const x = 1') },
    { name: 'bad', notebook: notebook('const x = 1', 'x.no') },
  ])
  expect(errors.get('good')).toEqual([])
  expect(errors.get('bad')).toEqual([`TS2339: Property 'no' does not exist on type '1'. in "x.no"`])
})
