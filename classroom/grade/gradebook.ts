import { csvFormatRows } from 'd3-dsv'
import type { LessonEntry } from '../../lessons/manifest.js'
import type { Grade } from './grade.js'

/** student, one column an exercise, total, max, flags. */
export function gradebook(grades: Grade[]): string {
  const ids = grades[0]?.exercises.map(({ id }) => id) ?? []
  const rows = grades.map(({ student, exercises, points, max, flags, failed }) => [
    safe(student),
    ...exercises.map((exercise) => (failed ? '' : String(exercise.points))),
    failed ? '' : String(points),
    String(max),
    safe(flags.join('; ')),
  ])
  return csv([['student', ...ids, 'total', 'max', 'flags'], ...rows])
}

export interface MarkedLesson {
  entry: LessonEntry
  grades: Grade[]
}

/** student, one column a lesson, total, max, flags. An empty cell was not handed in, or failed, as the flags then say. */
export function courseGradebook(
  students: { student: string; left: string[] }[],
  lessons: MarkedLesson[],
): string {
  const max = sum(lessons.map(({ grades }) => grades[0]!.max))
  const byStudent = lessons.map(({ grades }) => new Map(grades.map((one) => [one.student, one])))
  const rows = students.map(({ student, left }) => {
    const own = byStudent.map((grades) => grades.get(student))
    const flags = own.flatMap((one) => one?.flags.map((flag) => `${one.lesson}: ${flag}`) ?? [])
    flags.push(...left.map((line) => `not marked: ${line}`))
    const failed = own.some((one) => one?.failed)
    return [
      safe(student),
      ...own.map((one) => (one === undefined || one.failed ? '' : String(one.points))),
      failed ? '' : String(sum(own.map((one) => one?.points ?? 0))),
      String(max),
      safe(flags.join('; ')),
    ]
  })
  const names = lessons.map(({ entry }) => entry.folder)
  return csv([['student', ...names, 'total', 'max', 'flags'], ...rows])
}

const csv = (rows: string[][]): string => `${csvFormatRows(rows)}\n`

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0)

/**
 * A spreadsheet runs a cell that begins like a formula; students choose their file names. Where the comma is for decimals, it
 * begins a cell after each semicolon too.
 */
const safe = (text: string): string =>
  text.replace(/\p{Cc}+/gu, ' ').replace(/(^|;)(?=\s*[=+\-@＝＋－＠])/g, "$1'")
