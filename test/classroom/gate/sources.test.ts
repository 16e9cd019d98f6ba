import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  sourceProblems,
  strayHints,
  templateMarker,
  uncountedProblems,
} from '../../../classroom/gate/sources.js'
import { loadLesson } from '../../../classroom/grade/course.js'
import { buildNotebook } from '../../../classroom/notebook/build.js'
import { lessonNotebook, parseLesson, readLesson } from '../../../classroom/notebook/index.js'
import { lessons } from '../../../lessons/manifest.js'
import type { Exercise } from '../../../src/checks/types.js'

const entry = lessons.find(({ id }) => id === '06')!
const text = readFileSync(`lessons/${entry.folder}/lesson.ts`, 'utf8')

/** What is found in lesson 06 with `from` written as `to`; `shown` is added to what learners get. */
async function found(from: string, to: string, shown = ''): Promise<string[]> {
  expect(text).toContain(from)
  const lesson = parseLesson(text.replace(from, to))
  const student = buildNotebook(lesson, entry, { solution: false })
  student.cells[0]!.source = `${student.cells[0]!.source}${shown}`
  return sourceProblems(lesson, student, await loadLesson('.', '06'))
}

test.each(lessons)('$folder: nothing is found', async (one) => {
  const student = lessonNotebook('.', one, { solution: false })
  const graded = await loadLesson('.', one.id)
  expect(sourceProblems(readLesson('.', one), student, graded)).toEqual([])
  expect(strayHints(readFileSync(`lessons/${one.folder}/hints.md`, 'utf8'), graded)).toEqual([])
})

test('a line of a solution that learners can read is found, also where it stands twice', async () => {
  const line = 'const { m, v, t, direction } = moments(g, state, options)'
  expect(await found('# L2 is', '# L2 is', `\n    ${line}\n`)).toEqual([
    `cell 1 of the student version shows a line of the solution of "adamw-step": ${line}`,
  ])
  expect(await found('// %% id=guess\n', `// %% id=guess\n// ${line}\n`)).toHaveLength(1)
  const spaced = line.replace('{ m, v, t, direction }', '{m,v,t,\n  direction}')
  expect(await found('// %% id=guess\n', `// %% id=guess\n// ${spaced}\n`)).toHaveLength(1)
})

test.each([
  ["await check('adam-l2', adamL2Step)", "await check('adam-l2', adamL2Step)\nconst later = 1"],
  ["await check('adam-l2', adamL2Step)", "await check('adamw-step', adamL2Step)"],
  ["await check('adam-l2', adamL2Step)", "const report = await check('adam-l2', adamL2Step)"],
  ["await check('adam-l2', adamL2Step)", ''],
])('a check cell that does not check, or does more: %s → %s', async (from, to) => {
  expect(await found(from, to)).toEqual([
    expect.stringContaining("must hold await check('adam-l2', …) and nothing else"),
  ])
})

test('a function that no cell declares is found, in the check cell and as the checks call it', async () => {
  expect(await found("await check('adam-l2', adamL2Step)", "await check('adam-l2', l2)")).toEqual([
    '"adam-l2" checks l2, which no cell declares',
  ])
  expect(await found('function adamL2Step(', 'function adamL2(')).toEqual([
    '"adam-l2" checks adamL2Step, which no cell declares',
    'the checks of "adam-l2" call adamL2Step, which no cell declares',
  ])
})

test('a lesson that is still the template is found', async () => {
  expect(await found('// # L2 is', `// This is ${templateMarker}.\n// # L2 is`)).toEqual([
    'it is still the template of `downhill lessons new`; write the lesson, then take that line out of lessons/06-l2-is-not-weight-decay/lesson.ts',
  ])
})

test('points that differ from the manifest and checks without hint are found', async () => {
  const lesson = await loadLesson('.', '06')
  const [first, ...rest] = lesson.exercises
  const [one, ...more] = first!.exercise.checks
  const { hint: _, ...bare } = one!
  const checks = [{ ...bare, points: 3 }, ...more]
  const exercise: Exercise = { ...first!.exercise, checks }
  const spoiled = { ...lesson, exercises: [{ ...first!, exercise }, ...rest] }
  const student = lessonNotebook('.', entry, { solution: false })
  expect(sourceProblems(readLesson('.', entry), student, spoiled)).toEqual([
    'exercise "adam-l2" gives 4 + 3 points, manifest.ts says 2 + 3',
    'check "penalty-wins" has no hint; write one under "# adam-l2" in lessons/06-l2-is-not-weight-decay/hints.md',
  ])
})

test('checks that the manifest does not count are found in the lesson that has them', () => {
  const exercise = (id: string): [string, Exercise] => [id, { id, functionName: 'f', checks: [] }]
  const checks = {
    visibleExercises: new Map([exercise('counted'), exercise('forgotten')]),
    hiddenExercises: new Map([exercise('elsewhere')]),
  }
  const counted = [{ id: 'counted', visible: 1, hidden: 1 }]
  expect(uncountedProblems("id: 'forgotten'", checks, counted)).toEqual([
    'its checks of "forgotten" count for nothing: manifest.ts names no such exercise',
  ])
})

test('two checks of one name, and a hint that no check shows', async () => {
  const graded = await loadLesson('.', '06')
  const [first] = graded.exercises
  const [check, ...others] = first!.exercise.checks
  const doubled = { ...others[0]!, name: check!.name }
  const exercise = { ...first!.exercise, checks: [check!, doubled, ...others.slice(1)] }
  const changed = { ...graded, exercises: [{ ...first!, exercise }, ...graded.exercises.slice(1)] }
  const lesson = readLesson('.', entry)
  const student = lessonNotebook('.', entry, { solution: false })
  expect(sourceProblems(lesson, student, changed)).toEqual([
    `two checks of "${exercise.id}" are called "${check!.name}"; they would share a hint`,
  ])
  expect(strayHints(`# ${exercise.id}\n\n## misspelt\n\nLook.\n`, graded)).toEqual([
    `lessons/06-l2-is-not-weight-decay/hints.md has a hint for "misspelt" under "# ${exercise.id}", which has no such check`,
  ])
})
