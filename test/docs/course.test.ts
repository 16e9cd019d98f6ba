import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../../cli/root.js'
import { lessons } from '../../lessons/manifest.js'
import { misconceptions } from '../../src/advisor/misconceptions.js'

const read = (...path: string[]) => readFileSync(join(packageRoot, ...path), 'utf8')
const [exercises, items, wrong] = read('docs', 'course.md').split(
  /## What the curriculum asks|## Misconceptions/,
)
const cellsOf = (table: string) =>
  Array.from(table.matchAll(/^\| +(.+?) *\|$/gm), ([, row]) =>
    row!.split('|').map((cell) => cell.trim()),
  ).filter(([first]) => !/^(-|exercise$|item$|misconception$)/.test(first!))

const rows = cellsOf(exercises!)
const covered = cellsOf(items!)
const heard = cellsOf(wrong!)

test('each exercise of the curriculum has its row, and each of ours stands in one', () => {
  const asked = rows.map(([id]) => id).filter((id) => id !== 'beyond')
  expect(asked).toEqual(Array.from({ length: 18 }, (_, k) => `E${k + 1}`))
  const named = rows.flatMap(([, , lesson, names]) =>
    (names!.match(/[\w-]+/g) ?? []).map((name) => `${lesson} ${name}`),
  )
  const ours = lessons.flatMap(({ id, exercises: own }) => own.map((one) => `${id} ${one.id}`))
  expect(named.toSorted()).toEqual(ours.toSorted())
})

test('each exercise has its lesson', () => {
  for (const [id, , , names] of rows) expect(names, id).not.toBe('')
})

test('no worked example is lost', () => {
  const worked = covered.map(([item]) => /^W\d/.exec(item!)?.[0]).filter(Boolean)
  expect(worked).toEqual(Array.from({ length: 9 }, (_, k) => `W${k + 1}`))
})

test('each misconception has its row, and a quiz that asks about it', () => {
  expect(heard.map(([code]) => code)).toEqual(misconceptions.map(({ code }) => code))
  for (const [code, where] of heard) expect(where, code).toMatch(/ quiz\b/)
})

test.each([...covered, ...heard])('%s: %s', (_, where) => {
  for (const part of where!.split('; ')) {
    const [, id, cells] = /^(\d\d): (.+)$/.exec(part) ?? []
    const lesson = lessons.find((one) => one.id === id)
    expect(lesson, part).toBeDefined()
    const source = read('lessons', lesson!.folder, 'lesson.ts')
    for (const cell of cells!.split(' '))
      expect(source, part).toMatch(new RegExp(`^// %%.* (id|exercise)=${cell}$`, 'm'))
  }
})
