import { expect, test } from 'vitest'
import type { MimeBundle } from '../../src/host/types.js'
import { whenThere } from '../../src/host/when-there.js'

const turn = () => new Promise((resolve) => setTimeout(resolve))
const text = (words: string): MimeBundle => ({ 'text/plain': words })

/** A place that keeps what it showed, and promises of it that are kept or broken from outside. */
function place(id: string | undefined, more: { fail?(error: unknown): void } = {}) {
  const shown: unknown[] = []
  const sent: (Promise<void> | undefined)[] = []
  const show = (bundle: MimeBundle) => void shown.push(bundle['text/plain'])
  const at = (bundle: MimeBundle | Promise<MimeBundle>) =>
    void sent.push(whenThere(bundle, { id, show, ...more }))
  const later = () => {
    let settle = { keep: (_words: string) => {}, fail: () => {} }
    at(
      new Promise((resolve, reject) => {
        settle = { keep: (words) => resolve(text(words)), fail: () => reject(new Error('gone')) }
      }),
    )
    return settle
  }
  return { shown, now: (words: string) => at(text(words)), later, all: () => Promise.all(sent) }
}

test('a bundle is shown at once, a promise in its turn', async () => {
  const { shown, now, later, all } = place('turns')
  const [first, second] = [later(), later()]
  second.keep('second')
  await turn()
  first.keep('first')
  await all()
  expect(shown).toEqual(['second'])
  const third = later()
  now('now')
  third.keep('third')
  const fourth = later()
  fourth.keep('fourth')
  await all()
  now('last')
  expect(shown).toEqual(['second', 'now', 'fourth', 'last'])
})

test('nothing replaces what has no id, nor what has another', async () => {
  const [none, a, b] = [place(undefined), place('a'), place('b')]
  const waiting = [none, a].map(({ later }) => later())
  for (const { now } of [none, b]) now('now')
  for (const { keep } of waiting) keep('late')
  await Promise.all([none, a, b].map(({ all }) => all()))
  expect([none.shown, a.shown, b.shown]).toEqual([['now', 'late'], ['late'], ['now']])
})

test('an error is shown in its turn, where nobody else tells of it', async () => {
  const { shown, now, later, all } = place('errors')
  const overtaken = later()
  now('now')
  overtaken.fail()
  await all()
  expect(shown).toEqual(['now'])
  const [older, newer] = [later(), later()]
  newer.fail()
  await turn()
  older.keep('older')
  await all()
  expect(shown).toEqual(['now', 'display: Error: gone'])
})

test('whoever tells of errors hears of all', async () => {
  const errors: string[] = []
  const { shown, now, later, all } = place('told', { fail: (error) => errors.push(String(error)) })
  const overtaken = later()
  now('now')
  overtaken.fail()
  await all()
  expect([shown, errors]).toEqual([['now'], ['Error: gone']])
})
