import { expect, test } from 'vitest'
import { findNotebooks } from '../../classroom/notebook/index.js'
import { lessons } from '../../lessons/manifest.js'
import {
  emphasized,
  forms,
  plainSymbols,
  prose,
  readTerms,
  sentences,
} from '../support/glossary.js'

const [entry] = findNotebooks(['glossary'])
const terms = readTerms(prose(entry!))
const words = terms.filter(({ section }) => !['Symbols', 'Named in passing'].includes(section))
const symbols = terms.filter(({ section }) => section === 'Symbols')
const texts = new Map(lessons.map((one) => [one.id, prose(one)]))
const namesOf = ({ name, aliases }: { name: string; aliases: readonly string[] }): string[] => [
  name,
  ...aliases,
]

/** Used before its lesson, and why that is no matter. */
const allowed: Readonly<Record<string, { in: string[]; because: string }>> = {
  unit: { in: ['04'], because: 'a unit of length, along an axis' },
  head: { in: ['06'], because: 'a text that heads a paragraph' },
}

test('the terms are read, and each names the notebook of a lesson', () => {
  expect(terms.length).toBeGreaterThan(100)
  for (const { name, lesson, section } of terms)
    if (section !== 'Named in passing')
      expect(lessons, name).toContainEqual(expect.objectContaining(lesson))
})

test('no term is defined twice', () => {
  const all = terms.flatMap((term) => namesOf(term).map((name) => name.toLowerCase()))
  expect(all.filter((name, at) => all.indexOf(name) !== at)).toEqual([])
})

test('words stand in the order of the alphabet', () => {
  const all = words.map(({ name }) => name.toLowerCase())
  expect(all).toEqual(all.toSorted((a, b) => a.localeCompare(b, 'en')))
})

test.each(words)('$name stands emphasized in lesson $lesson.id', (term) => {
  const there = emphasized(texts.get(term.lesson!.id)!)
  const found = namesOf(term).some((name) =>
    [...there].some((one) => new RegExp(`^${forms(name)}$`).test(one)),
  )
  expect(found, [...there].join(' | ')).toBe(true)
})

test('no word is used before the lesson that defines it', () => {
  const all = words.flatMap((term) => namesOf(term).map((name) => ({ name, term })))
  const byLength = all.toSorted((a, b) => b.name.length - a.name.length)
  const early: string[] = []
  for (const { id } of lessons)
    for (const sentence of sentences(texts.get(id)!)) {
      let rest = sentence.toLowerCase()
      for (const { name, term } of byLength) {
        const pattern = new RegExp(`(?<![\\w-])${forms(name)}(?![\\w-])`, 'g')
        if (!pattern.test(rest)) continue
        rest = rest.replace(pattern, '·')
        const { id: home } = term.lesson!
        if (home <= id || sentence.includes(`lesson ${home}`)) continue
        if (allowed[term.name]?.in.includes(id)) continue
        early.push(`${term.name} (${home}) in ${id}: ${sentence}`)
      }
    }
  expect(early).toEqual([])
})

test.each(symbols)('$name stands in lesson $lesson.id, and in none before', ({ name, lesson }) => {
  for (const symbol of name.split(', ')) {
    const first = lessons.find(({ id }) => plainSymbols(texts.get(id)!).includes(symbol))
    expect(first?.id, symbol).toBe(lesson!.id)
  }
})
