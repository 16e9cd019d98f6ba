import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Ordered } from '../../../kernel/evaluator/ordered.js'

let told: string[]
let ordered: Ordered<string>
beforeEach(() => {
  vi.useFakeTimers()
  told = []
  ordered = new Ordered({
    event: (event) => told.push(event),
    native: (name, text) => told.push(`${name}:${text}`),
  })
})
afterEach(() => vi.useRealTimers())

const marks = (mark: number) => {
  ordered.mark('stdout', mark)
  ordered.mark('stderr', mark)
}

test('whichever pipe is read first, what was written first is told first', () => {
  // console.log 1; native 2; console.log 3; native 4: fd 1 is read before fd 5 …
  ordered.text('stdout', '2')
  marks(1)
  ordered.text('stdout', '4')
  ordered.event('3', 1)
  expect(told).toEqual(['stdout:2', '3', 'stdout:4'])
  // … and after it.
  ordered.event('6', 2)
  ordered.event('7')
  ordered.text('stderr', '5')
  ordered.mark('stdout', 2)
  expect(told).toHaveLength(4)
  ordered.mark('stderr', 2)
  expect(told.slice(3)).toEqual(['stderr:5', '6', '7'])
})

test('an event waits a second for a mark that never comes, and later ones not at all', () => {
  ordered.mark('stdout', 1)
  ordered.event('a', 1)
  vi.advanceTimersByTime(900)
  expect(told).toEqual([])
  vi.advanceTimersByTime(200)
  ordered.mark('stdout', 2)
  ordered.event('b', 2)
  expect(told).toEqual(['a', 'b'])
})

test('text waits a second for an event that never comes', () => {
  marks(1)
  ordered.text('stdout', 'one')
  vi.advanceTimersByTime(900)
  ordered.text('stdout', 'two')
  expect(told).toEqual([])
  vi.advanceTimersByTime(200)
  ordered.text('stdout', 'three')
  expect(told).toEqual(['stdout:one', 'stdout:two', 'stdout:three'])
})

test('at the end nothing is kept back', () => {
  marks(1)
  ordered.text('stderr', 'last words')
  ordered.event('late', 2)
  ordered.end()
  expect(told).toEqual(['late', 'stderr:last words'])
})
