import { diagnose, type TroubledName, type TroubledRun, troubledRun } from 'downhill'
import { describe, expect, test } from 'vitest'

const seen = async (name: TroubledName, changes: TroubledRun = {}) => {
  const { history, accuracy, recipe } = await troubledRun(name, changes)
  return diagnose(history, { accuracy, recipe })
}

const expected = {
  A: { symptom: 'oscillating', fix: 'lower-rate' },
  B: { symptom: 'slow', fix: 'raise-rate' },
  C: { symptom: 'overfitting', fix: 'stop-earlier' },
  D: { symptom: 'not-finite', fix: 'lower-rate' },
  E: { symptom: 'underfitting', fix: 'larger-model' },
  F: { symptom: 'not-decreasing', fix: 'overfit-one-batch' },
} as const

describe.each(Object.entries(expected))('run %s', (letter, { symptom, fix }) => {
  test.each([1, 2, 3])(
    `has its symptom and first fix, seed %i`,
    async (seed) => {
      const { symptoms, first } = await seen(letter as TroubledName, { seed })
      expect(symptoms.map((one) => one.symptom)).toContain(symptom)
      expect(first?.code).toBe(fix)
    },
    60_000,
  )
})

test.each([
  ['A', { lr: 0.003 }],
  ['B', { lr: 0.1 }],
  ['D', { lr: 0.1 }],
  ['E', { hidden: [32] }],
  ['F', { activation: 'relu' }],
] as const)(
  'run %s is mended by %o',
  async (letter, changes) => {
    const after = await troubledRun(letter, changes)
    expect(after.accuracy.validation).toBeGreaterThan(0.85)
    const { symptoms } = diagnose(after.history, { accuracy: after.accuracy })
    expect(symptoms.map((one) => one.symptom)).not.toContain(expected[letter].symptom)
  },
  60_000,
)

test('another name, and an option that is none, are refused', async () => {
  await expect(troubledRun('G' as 'A')).rejects.toThrow('name must be')
  await expect(troubledRun('A', { rate: 1 } as TroubledRun)).rejects.toThrow('rate')
})
