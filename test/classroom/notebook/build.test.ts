import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { buildNotebook } from '../../../classroom/notebook/build.js'
import { findLessons, findNotebooks, lessonNotebook } from '../../../classroom/notebook/course.js'
import { notebookText } from '../../../classroom/notebook/file.js'
import { parseLesson } from '../../../classroom/notebook/lesson.js'
import { lessons } from '../../../lessons/manifest.js'

const student = { solution: false }

test.each(lessons)(
  '$folder: the committed notebook is what its source builds, byte for byte',
  (entry) => {
    const text = notebookText(lessonNotebook('.', entry, student))
    expect(text).toBe(notebookText(lessonNotebook('.', entry, student)))
    expect(readFileSync(`notebooks/${entry.folder}.ipynb`, 'utf8')).toBe(text)
  },
)

test.each(lessons)('$folder: no line of a solution is in the student version', (entry) => {
  const text = notebookText(lessonNotebook('.', entry, student))
  const source = readFileSync(`lessons/${entry.folder}/lesson.ts`, 'utf8')
  const bodies = [...source.matchAll(/BEGIN SOLUTION\n([\s\S]*?)\/\/ END SOLUTION/g)].map(
    ([, body]) => body!,
  )
  expect(bodies.length).toBe(entry.exercises.length)
  const lines = bodies
    .flatMap((body) => body.split('\n').map((line) => line.trim()))
    .filter((line) => line.length > 12)
  expect(lines.filter((line) => text.includes(JSON.stringify(line).slice(1, -1)))).toEqual([])
  const solved = notebookText(lessonNotebook('.', entry, { solution: true }))
  expect(lines.filter((line) => !solved.includes(JSON.stringify(line).slice(1, -1)))).toEqual([])
})

test('an exercise becomes an answer cell and a locked check cell', () => {
  const [entry] = findLessons(['01'])
  const { cells, metadata, nbformat, nbformat_minor } = lessonNotebook('.', entry!, student)
  expect([nbformat, nbformat_minor]).toEqual([4, 5])
  expect(metadata.kernelspec).toMatchObject({ name: 'downhill', language: 'typescript' })
  const cell = (id: string) => cells.find((c) => c.id === id)!
  expect(cell('adam-step-answer').metadata).toEqual({
    deletable: false,
    nbgrader: {
      cell_type: 'code',
      checksum: expect.stringMatching(/^[0-9a-f]{32}$/),
      grade: false,
      grade_id: 'adam-step-answer',
      locked: false,
      schema_version: 3,
      solution: true,
      task: false,
    },
  })
  expect(cell('adam-step').metadata).toEqual({
    deletable: false,
    editable: false,
    nbgrader: {
      cell_type: 'code',
      checksum: expect.stringMatching(/^[0-9a-f]{32}$/),
      grade: true,
      grade_id: 'adam-step',
      locked: true,
      points: 4,
      schema_version: 3,
      solution: false,
      task: false,
    },
  })
  for (const { id } of cells) expect(id).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
})

const entry = {
  id: '09',
  folder: '09-x',
  title: 'X',
  exercises: [{ id: 'a', visible: 1, hidden: 1 }],
}
const answer = '// %% exercise=a\nfunction f() {\n// BEGIN SOLUTION\n// END SOLUTION\n}\n'
const check = "// %% check=a\nawait check('a', f)\n"

test.each([
  [answer, 'needs one cell "// %% exercise=a" and after it one "// %% check=a"'],
  [check + answer, 'and after it one'],
  [answer + check + check, 'got 1 and 2'],
  [
    `${answer + check}// %% exercise=b\nfunction g() {}`,
    'exercise "b" is not in lessons/manifest.ts',
  ],
  [`// %% exercise=a\nfunction f() {}\n${check}`, 'has no // BEGIN SOLUTION'],
  [`// %% id=a\n1\n${answer + check}`, 'two cells are called "a"'],
])('refuses a lesson that disagrees with the manifest: %j', (text, message) => {
  expect(() => buildNotebook(parseLesson(text, 'lesson 09'), entry, student)).toThrow(message)
})

test('a guide is a notebook without exercises; its tags are those of Jupyter', () => {
  const [tour] = findNotebooks(['tour'])
  const { cells, metadata } = lessonNotebook('.', tour!, student)
  expect(metadata.title).toBe('A tour of the kernel')
  expect(cells.find(({ id }) => id === 'who')!.source).toBe('%who number')
  expect(cells.find(({ id }) => id === 'type-error')!.metadata).toEqual({
    tags: ['raises-exception'],
  })
  expect(cells.filter(({ metadata }) => metadata.nbgrader !== undefined)).toEqual([])
})

test('an unknown lesson is refused with those that exist', () => {
  expect(() => findLessons(['7'])).toThrow('no lesson "7"; there are 01 (Three steps of Adam), 02')
  expect(findLessons(['02-gradient-clipping.ipynb']).map(({ id }) => id)).toEqual(['02'])
  expect(() => findLessons(['tour'])).toThrow('no lesson "tour"')
  expect(findNotebooks(['kernel-tour', '01']).map(({ id }) => id)).toEqual(['tour', '01'])
  expect(() => findNotebooks(['7'])).toThrow(', tour (A tour of the kernel)')
})
