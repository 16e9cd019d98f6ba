import { expect, test } from 'vitest'
import { within } from '../../src/host/within.js'

const never = new Promise<never>(() => {})
const late = (): never => {
  throw new Error('late')
}

test('in time: the promise itself, fulfilled or rejected', async () => {
  expect(await within(60_000, Promise.resolve(1), late)).toBe(1)
  await expect(within(60_000, Promise.reject(new Error('own')), late)).rejects.toThrow('own')
})

test('too late: what `late` returns or throws', async () => {
  expect(await within(1, never, () => 'late')).toBe('late')
  await expect(within(1, never, late)).rejects.toThrow('late')
})
