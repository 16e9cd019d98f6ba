import { useBackend } from 'downhill'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { allExamples, ExampleModule, shown, valueIn } from './support/examples.js'
import { noHost, useHost } from './support/host.js'

const examples = allExamples()
const module = new ExampleModule()

beforeAll(async () => {
  await module.load(examples)
  useHost()
})
afterEach(() => useBackend('reference'))
afterAll(() => {
  noHost()
  module.dispose()
})

test('there are examples', () => expect(examples.length).toBeGreaterThan(70))

test('comments that begin with a value are read', () => {
  expect(valueIn('{ calls: 1, clipped: 1 } where the norm was 5')?.value).toMatchObject({
    calls: 1,
  })
  expect(valueIn('[{ t: 1 }, …]')).toEqual({ value: [{ t: 1 }], open: true })
  expect(valueIn('0.4402…')).toEqual({ value: '0.4402', open: true })
  expect(valueIn('1: the head trains')?.value).toBe(1)
  expect(valueIn('measure here')).toBeUndefined()
})

const machines = [
  ['reference', 7],
  ['simd', 5],
] as const

describe.each(machines)('on %s', (name, digits) => {
  beforeEach(() => useBackend(name))

  test.each(examples)('$name runs, and shows what it says: $code', async (example) => {
    for (const { expression, value, comment } of await module.run(example)) {
      const promised = valueIn(comment)
      // What a schedule gives at its steps is read by test/schedules/documented.test.ts.
      if (!promised || typeof value === 'function') continue
      const ours = shown(await value, promised.value, promised.open, digits)
      expect(ours, expression).toEqual(shown(promised.value, promised.value, false, digits))
    }
  })
})

test('the examples pass the type check', () => expect(module.typeErrors()).toBe(''), 120_000)
