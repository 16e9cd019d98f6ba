import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sourceOf } from '../../classroom/client/notebook.js'
import { lessonNotebook } from '../../classroom/notebook/index.js'
import { hiddenExercises } from '../../lessons/hidden.js'
import { lessons } from '../../lessons/manifest.js'
import { visibleExercises } from '../../lessons/visible.js'
import { parseHints } from '../../src/checks/hints.js'
import { pointsOf } from '../../src/checks/run.js'

const exercises = lessons.flatMap(({ folder, exercises }) =>
  exercises.map((entry) => ({ folder, ...entry })),
)

test('the folders of lessons/ are the lessons of the manifest, in its order', () => {
  const folders = readdirSync('lessons', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
  expect(folders).toEqual(lessons.map(({ folder }) => folder))
})

test.each(exercises)('$id: the points of the manifest are those of its checks', (entry) => {
  expect(pointsOf(visibleExercises.get(entry.id)!)).toBe(entry.visible)
  expect(pointsOf(hiddenExercises.get(entry.id)!)).toBe(entry.hidden)
})

test.each(exercises)(
  '$id: every check has a name of its own, a hint, and no hint is left over',
  ({ id, folder }) => {
    const checks = [visibleExercises, hiddenExercises].flatMap((all) => all.get(id)!.checks)
    const names = checks.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(checks.filter(({ hint }) => hint === undefined)).toEqual([])
    const hints = parseHints(readFileSync(`lessons/${folder}/hints.md`, 'utf8'), id)
    expect([...hints.keys()]).toEqual(names)
  },
)

/** What every lesson has, and how it shows in its notebook. */
const parts: readonly (readonly [string, RegExp])[] = [
  ['a question', /^\*\*The question\.\*\* /m],
  ['a guess before anything runs', /^## Guess before you run$/m],
  ['a figure', /\b(lines|panels|\w*[pP]lot)\(/],
  ['an exercise', /^## Your turn\b/m],
  ['a quiz', /^## True or false\?$/m],
  ['the recipe note: a symptom', /^## To keep$[\s\S]*- \*\*Symptom/m],
  ['the recipe note: what to do first', /^## To keep$[\s\S]*(\*\*First move|first move\.?\*\*)/m],
  ['the recipe note: which curve', /^## To keep$[\s\S]*\*\*Which curve should move/m],
  ['what to read next', /^- \*\*Read next:\*\* .*\(\d{4}\)/m],
  ['the way to the next lesson and to the glossary', /\]\(glossary\.ipynb\)$/m],
]

test.each(lessons.filter(({ id }) => id !== 'project'))(
  '$id $folder has all parts of a lesson',
  (entry) => {
    const { cells } = lessonNotebook('.', entry, { solution: false })
    const text = cells.map(sourceOf).join('\n')
    expect(parts.filter(([, pattern]) => !pattern.test(text)).map(([part]) => part)).toEqual([])
  },
)

test('both maps hold exactly the exercises of the manifest', () => {
  const ids = exercises.map(({ id }) => id)
  expect([...visibleExercises.keys()]).toEqual(ids)
  expect([...hiddenExercises.keys()]).toEqual(ids)
})

test.each(['index.js', 'index.cjs', 'kernel/main.js', 'kernel/evaluator.js'])(
  'dist/%s, which a learner runs, holds no hidden check',
  (file) => {
    const text = readFileSync(`dist/${file}`, 'utf8')
    const known = (rule: string) => text.includes(asEsbuildWrites(rule))
    const rules = [...hiddenExercises.values()].flatMap(({ checks }) =>
      checks.map(({ rule }) => rule),
    )
    const shared = [...visibleExercises.values()].flatMap(({ checks }) =>
      checks.map(({ rule }) => rule),
    )
    expect(rules.filter((rule) => known(rule) && !shared.includes(rule))).toEqual([])
    expect(text).not.toContain('lessons/hidden.ts')
    if (file.startsWith('index')) expect(shared.every(known)).toBe(true)
  },
)

/** esbuild's output is ASCII: other characters are escaped. */
function asEsbuildWrites(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (character) => {
    const code = character.charCodeAt(0)
    const digits = code.toString(16).toUpperCase()
    return code < 256 ? `\\x${digits}` : `\\u${digits.padStart(4, '0')}`
  })
}
