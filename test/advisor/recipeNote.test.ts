import { display, recipeNote } from 'downhill'
import { afterEach, expect, test } from 'vitest'
import { noHost, shown, useHost } from '../support/host.js'

afterEach(noHost)

const row = (epoch: number, trainLoss: number, validationLoss: number, accuracy: number) => {
  return { epoch, trainLoss, validationLoss, metrics: { accuracy }, lr: [0.01] }
}
const overfit = [
  row(1, 1, 1, 0.6),
  row(2, 0.5, 0.7, 0.7),
  row(3, 0.3, 0.8, 0.7),
  row(4, 0.2, 0.9, 0.7),
  row(5, 0.1, 1, 0.69),
]

test('four lines: symptom, change, what moved, what next', async () => {
  useHost()
  const before = [row(1, 1, 1, 0.5), row(2, 0.9, 1.001, 0.5)]
  const note = recipeNote(overfit, { before, changed: 'lr 1e-3 → 1e-2' })
  expect(note.symptom?.symptom).toBe('overfitting')
  expect(note.moved).toEqual([
    { curve: 'train loss', from: 0.9, to: 0.1 },
    { curve: 'accuracy', from: 0.5, to: 0.69 },
  ])
  expect([note.next?.code, note.kind]).toEqual(['stop-earlier', 'data or model'])
  expect(note.rows.map(({ question }) => question)).toEqual([
    'main symptom',
    'changed for this run',
    'moved, beside the run before',
    'next move (data or model)',
  ])
  expect(note.rows[2]!.answer).toBe('train loss 0.9 → 0.1, accuracy 0.5 → 0.69')
  display(note)
  const bundle = await shown[0]!.bundle
  expect(bundle['text/html']).toContain(
    '<td>changed for this run</td><td style="text-align:left">lr 1e-3 → 1e-2</td>',
  )
  expect(bundle['text/plain']).toMatch(/^Note on this run\n {2}main symptom: overfitting/)
})

test('an unsteady run is a matter of optimization', () => {
  const losses = [2, 3, 1.8, 3.1, 2, 2.9]
  const note = recipeNote(losses.map((trainLoss, k) => ({ epoch: k + 1, trainLoss })))
  expect([note.next?.code, note.kind]).toEqual(['lower-rate', 'optimization'])
  expect(note.moved).toEqual([{ curve: 'train loss', from: 2, to: 2.9 }])
  expect(note.changed).toBeUndefined()
})

test('where nothing stands out, what is left lies in data and model', () => {
  const losses = [2, 1, 0.6, 0.4, 0.3]
  const note = recipeNote(losses.map((trainLoss, k) => ({ epoch: k + 1, trainLoss })))
  expect([note.symptom, note.next, note.kind]).toEqual([undefined, undefined, 'data or model'])
})

test('a run without rows is refused', () => {
  expect(() => recipeNote([])).toThrow('recipeNote: the run has no rows')
})
