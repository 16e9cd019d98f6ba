import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { display } from '../../src/host/display.js'
import { progress } from '../../src/host/progress.js'
import { displaySymbol } from '../../src/host/types.js'
import { noHost, shown, useHost } from '../support/host.js'

beforeEach(() => useHost())
afterEach(noHost)

test('a value shows itself; a handle replaces it', () => {
  const handle = display({ [displaySymbol]: () => ({ 'text/plain': 'one' }) })
  handle.update({ 'text/plain': 'two' }, { raw: true })
  expect(shown).toEqual([
    { bundle: { 'text/plain': 'one' }, id: handle.id, update: false },
    { bundle: { 'text/plain': 'two' }, id: handle.id, update: true },
  ])
  expect(display(1, { id: 'mine' }).id).toBe('mine')
  expect(display(1).id).not.toBe(display(1).id)
})

test('the host shows what does not show itself, else its text', () => {
  display([1, 2])
  expect(shown.map(({ bundle }) => bundle)).toEqual([{ 'text/plain': '[1,2]' }])
  useHost({ bundle: (value) => ({ 'text/html': `<b>${String(value)}</b>` }) })
  display([1, 2])
  expect(shown.map(({ bundle }) => bundle)).toEqual([{ 'text/html': '<b>1,2</b>' }])
})

test('raw takes a bundle and nothing else', () => {
  expect(() => display('text', { raw: true })).toThrow(
    'display: raw needs an object of MIME type → content, got text',
  )
})

test('a promised bundle keeps its place in the order of outputs', async () => {
  const { id } = display({ [displaySymbol]: async () => ({ 'text/plain': 'late' }) })
  display('next')
  expect(shown.map((s) => [s.id === id, s.update])).toEqual([
    [true, false],
    [true, true],
    [false, false],
  ])
  expect(await shown[1]!.bundle).toEqual({ 'text/plain': 'late' })
})

test('without a host: the console', async () => {
  noHost()
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  display({ 'text/plain': 'text', 'text/html': '<p>' }, { raw: true })
  display({ [displaySymbol]: async () => ({ 'text/plain': 'late' }) })
  for (const _ of progress([1, 2, 3], { label: 'steps' }));
  const steps = expect.stringMatching(/^steps: 3 of 3, .*took [\d.]+ s$/)
  await expect.poll(() => log.mock.calls).toEqual([['text'], [steps], ['late']])
  log.mockRestore()
})
