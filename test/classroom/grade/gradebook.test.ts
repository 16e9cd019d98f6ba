import { expect, test } from 'vitest'
import type { Grade } from '../../../classroom/grade/grade.js'
import { courseGradebook, gradebook } from '../../../classroom/grade/gradebook.js'
import { findLessons } from '../../../classroom/notebook/index.js'
import type { LessonEntry } from '../../../lessons/manifest.js'

const [first, second] = findLessons(['01', '02']) as [LessonEntry, LessonEntry]

const grade = (student: string, points: number, more: Partial<Grade> = {}): Grade => ({
  student,
  lesson: '01',
  points,
  max: 10,
  exercises: [{ id: 'clip', points, max: 10, checks: [] }],
  cells: [],
  flags: [],
  seconds: 1,
  isolation: 'bubblewrap',
  seed: 1,
  ...more,
})

test('it quotes, and no name is a formula', () => {
  expect(gradebook([grade('=1+1', 1, { flags: ['one, "two"'] })])).toBe(
    `student,clip,total,max,flags\n'=1+1,1,1,10,"one, ""two"""\n`,
  )
})

test('of a course: empty is not handed in; a failed one has no total and says why; every max is the same', () => {
  const students = ['=cmd', 'ann, "a"', 'bob\n', 'eve'].map((student) => ({
    student,
    left: student === 'eve' ? ['-x.ipynb: a link; =1'] : [],
  }))
  const failed = { lesson: '02', max: 15, failed: true, flags: ['not graded: no memory'] } as const
  const changed = { lesson: '02', max: 15, flags: ['check "clip" was changed'] }
  expect(
    courseGradebook(students, [
      { entry: first, grades: [grade('bob\n', 7), grade('ann, "a"', 0)] },
      {
        entry: second,
        grades: [
          grade('bob\n', 0, { ...failed, flags: [...failed.flags] }),
          grade('=cmd', 12.5, changed),
        ],
      },
    ]).split('\n'),
  ).toEqual([
    'student,01-three-adam-steps,02-gradient-clipping,total,max,flags',
    `'=cmd,,12.5,12.5,25,"02: check ""clip"" was changed"`,
    '"ann, ""a""",0,,0,25,',
    'bob ,7,,,25,02: not graded: no memory',
    `eve,,,0,25,not marked: -x.ipynb: a link;' =1`,
    '',
  ])
})
