import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Functions, lostChecks, pointsFor } from '../support/answers.js'

type ByValue = (gradient: number[], limit: number) => unknown
type ByNorm = (gradients: number[][], limit: number) => unknown

const norm = (numbers: readonly number[]): number =>
  Math.sqrt(numbers.reduce((sum, x) => sum + x * x, 0))

const rightByValue: Record<string, ByValue> = {
  'min and max': (gradient, limit) => gradient.map((x) => Math.max(Math.min(x, limit), -limit)),
  'branches, and a typed array': (gradient, limit) => {
    const out = new Float64Array(gradient.length)
    gradient.forEach((x, i) => {
      out[i] = Math.abs(x) > limit ? limit * Math.sign(x) : x
    })
    return out
  },
}

const rightByNorm: Record<string, ByNorm> = {
  'PyTorch: coefficient clamped to 1, ‖g‖ + 1e-6': (gradients, limit) => {
    const total = norm(gradients.map(norm))
    const coefficient = Math.min(1, limit / (total + 1e-6))
    return gradients.map((g) => g.map((x) => x * coefficient))
  },
  'Optax: only when ‖g‖ is not below the limit': (gradients, limit) => {
    const total = norm(gradients.flat())
    return total < limit ? gradients : gradients.map((g) => g.map((x) => (x / total) * limit))
  },
  'changes what it is given': (gradients, limit) => {
    const total = Math.hypot(...gradients.flat())
    if (total > limit)
      for (const g of gradients) g.splice(0, g.length, ...g.map((x) => (x * limit) / total))
    return gradients
  },
}

describe('right answers keep every point', () => {
  test.each(Object.entries(rightByValue))('by value: %s', async (_, clipByValue) => {
    expect(await lostChecks('clip-by-value', { clipByValue })).toEqual([])
  })
  test.each(Object.entries(rightByNorm))('by norm: %s', async (_, clipByNorm) => {
    expect(await lostChecks('clip-by-norm', { clipByNorm })).toEqual([])
  })

  test.each(['clipped_torch', 'clipped_optax'])(
    'the golden numbers of %s agree with them',
    (name) => {
      const golden = JSON.parse(readFileSync('test/golden/worked_examples.json', 'utf8'))
      const cases = golden.cases.filter(({ id }: { id: string }) =>
        id.startsWith('global_norm_clip'),
      )
      expect(cases.length).toBeGreaterThan(0)
      for (const { grad, max_norm: limit, tol, [name]: want } of cases) {
        const convention = name === 'clipped_torch' ? 'PyTorch' : 'Optax'
        const [, clip] = Object.entries(rightByNorm).find(([title]) =>
          title.startsWith(convention),
        )!
        const [got] = clip([grad], limit) as [number[]]
        for (const [i, x] of got.entries()) expect(Math.abs(x - want[i])).toBeLessThanOrEqual(tol)
      }
    },
  )
})

interface Wrong {
  exercise: string
  functions: Functions
  lost: string[]
  /** Points left, of 5 and of 10. */
  points: number
}

const byValue = (clipByValue: ByValue, lost: string[], points: number): Wrong => ({
  exercise: 'clip-by-value',
  functions: { clipByValue },
  lost,
  points,
})
const byNorm = (clipByNorm: ByNorm, lost: string[], points: number): Wrong => ({
  exercise: 'clip-by-norm',
  functions: { clipByNorm },
  lost,
  points,
})
const clipped = ['worked-example', 'one-norm-for-all', 'any-gradient', 'length', 'large-and-small']
const short = ['below-the-limit', 'short-enough', 'zero-gradient']

const wrong: Record<string, Wrong> = {
  'by value, upper limit only': byValue(
    (g, limit) => g.map((x) => Math.min(x, limit)),
    ['too-large', 'any-limit'],
    2,
  ),
  'by value, without the sign': byValue(
    (g, limit) => g.map((x) => Math.min(Math.abs(x), limit)),
    ['too-large', 'small-enough', 'any-limit', 'edges'],
    0,
  ),
  'by value, the limit of the page': byValue(
    (g) => g.map((x) => Math.max(-5, Math.min(5, x))),
    ['any-limit'],
    3,
  ),
  'by value, drops what is too large': byValue(
    (g, limit) => g.filter((x) => Math.abs(x) <= limit),
    ['too-large', 'any-limit'],
    2,
  ),
  'by norm, always scales': byNorm(
    (all, limit) => all.map((g) => g.map((x) => (x * limit) / norm(all.flat()))),
    ['below-the-limit', 'short-enough', 'zero-gradient'],
    7,
  ),
  'by norm, a norm for each array': byNorm(
    (all, limit) => all.map((g) => g.map((x) => x * Math.min(1, limit / norm(g)))),
    clipped,
    3,
  ),
  'by norm, the largest number for the norm': byNorm(
    (all, limit) => {
      const factor = Math.min(1, limit / Math.max(...all.flat().map(Math.abs)))
      return all.map((g) => g.map((x) => x * factor))
    },
    ['worked-example', 'any-gradient', 'length', 'large-and-small', 'one-norm-for-all'],
    3,
  ),
  'by norm, forgets the root': byNorm(
    (all, limit) => {
      const factor = Math.min(1, limit / norm(all.flat()) ** 2)
      return all.map((g) => g.map((x) => x * factor))
    },
    [...clipped, 'short-enough'],
    2,
  ),
  'by norm, one flat list': byNorm(
    (all, limit) => all.flat().map((x) => x * Math.min(1, limit / norm(all.flat()))),
    [...clipped.filter((name) => name !== 'length'), ...short],
    1,
  ),
}

describe('wrong answers lose the checks that test what is wrong', () => {
  test.each(Object.entries(wrong))('%s', async (_, { exercise, functions, lost, points }) => {
    const names = await lostChecks(exercise, functions)
    expect(new Set(names)).toEqual(new Set(lost))
    const max = exercise === 'clip-by-norm' ? 10 : 5
    expect(max - pointsFor(exercise, names)).toBe(points)
  })
})
