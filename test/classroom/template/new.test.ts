import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { templateMarker } from '../../../classroom/gate/sources.js'
import { newLesson } from '../../../classroom/template/new.js'
import { lessons } from '../../../lessons/manifest.js'

/** A copy of the clone, as git would hand it to a newcomer, built. */
const root = mkdtempSync(join(tmpdir(), 'downhill-new-'))
const lists = ['manifest', 'visible', 'hidden'].map((name) => `lessons/${name}.ts`)
const numbered = lessons.filter(({ id }) => /^\d\d$/.test(id))
const id = String(numbered.length + 1).padStart(2, '0')
const folder = `${id}-gradient-noise`

beforeAll(() => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  })
  for (const file of files.split('\n').filter(Boolean)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    cpSync(file, join(root, file))
  }
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
  cpSync('dist', join(root, 'dist'), { recursive: true })
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const texts = () => lists.map(read)

/** Runs a program of the copy: what it printed, and whether it went well. */
function run(...args: string[]): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
  })
  return { status, text: `${stdout}${stderr}` }
}
const downhill = (...args: string[]) => run('dist/cli/main.js', 'lessons', ...args)

test.each([
  ['Gradient', /a name has lower-case letters/],
  ['../x', /a name has lower-case letters/],
  ['gradient_noise', /a name has lower-case letters/],
  ['x'.repeat(41), /40 at most/],
  ['momentum-valley', /is the name of a lesson or an exercise/],
  ['adam-step', /is the name of a lesson or an exercise/],
])('refused, and nothing is changed: %s', (name, message) => {
  const before = texts()
  expect(() => newLesson(root, name)).toThrow(message)
  expect(texts()).toEqual(before)
})

test('a list that cannot be read or written leaves the clone as it was', () => {
  const before = texts()
  writeFileSync(join(root, lists[2]!), 'export const hiddenExercises = new Map()\n')
  expect(() => newLesson(root, 'gradient-noise')).toThrow(/hidden\.ts has not the form/)
  writeFileSync(join(root, lists[2]!), before[2]!)
  mkdirSync(join(root, 'test', 'lessons', `${folder}.test.ts`))
  expect(() => newLesson(root, 'gradient-noise')).toThrow(/is there already; move it away/)
  rmSync(join(root, 'test', 'lessons', `${folder}.test.ts`), { recursive: true })
  renameSync(join(root, 'test', 'lessons'), join(root, 'test', 'away'))
  writeFileSync(join(root, 'test', 'lessons'), 'a file')
  expect(() => newLesson(root, 'gradient-noise')).toThrow(
    /test\/lessons\/.*cannot be written \(ENOTDIR\).*leaves the clone as it was/,
  )
  rmSync(join(root, 'test', 'lessons'))
  renameSync(join(root, 'test', 'away'), join(root, 'test', 'lessons'))
  expect(texts()).toEqual(before)
  expect(
    run('-e', `process.exit(require('fs').existsSync('lessons/${folder}') ? 1 : 0)`).status,
  ).toBe(0)
})

test('what is made is built, checked and tested; the gate refuses it until its marker is gone', () => {
  const made = downhill('new', 'gradient-noise')
  expect(made).toMatchObject({
    status: 0,
    text: expect.stringContaining(`lessons/${folder}/lesson.ts\n`),
  })
  expect(made.text).toContain(`npx downhill lessons build ${id}`)
  const files = made.text.match(/^(?:lessons|test)\/.*$/gm)!
  expect(files).toHaveLength(8)

  // The lists and the checks are part of what is built.
  expect(run('cli/build.mjs')).toMatchObject({ status: 0 })
  expect(downhill('build', id)).toMatchObject({ status: 0 })
  const first = downhill('check', id)
  expect(first.status).toBe(1)
  expect(first.text.split('\n').slice(0, -1)).toEqual([
    expect.stringMatching(
      /^FAILED {2}\d\d Gradient noise: student version 0, solution 5 of 5 points/,
    ),
    expect.stringContaining(`lesson ${id}: it is ${templateMarker}`),
  ])

  const source = join(root, 'lessons', folder, 'lesson.ts')
  const lines = readFileSync(source, 'utf8').split('\n')
  const at = lines.findIndex((line) => line.includes(templateMarker))
  writeFileSync(source, lines.toSpliced(at, 2).join('\n'))
  expect(downhill('build', id)).toMatchObject({ status: 0 })
  const second = downhill('check', id)
  expect(second.text).toMatch(/^ok {6}.*\n$/)

  const linted = run('node_modules/@biomejs/biome/bin/biome', 'ci', '--vcs-enabled=false', ...files)
  expect(linted, linted.text).toMatchObject({ status: 0 })
  expect(linted.text).toContain('Checked 8 files')
  expect(run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json')).toEqual({
    status: 0,
    text: '',
  })
  const tests = [`test/lessons/${folder}.test.ts`, 'test/lessons/course.test.ts']
  const tested = run(
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'test/vitest.config.ts',
    ...tests,
  )
  expect(tested, tested.text).toMatchObject({ status: 0 })
}, 600_000)
