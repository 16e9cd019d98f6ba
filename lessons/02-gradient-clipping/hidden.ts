import { close, type Exercise, type Plain, type Random, withHints } from 'downhill'
import { between, listBetween, wholeBetween } from '../draw.js'
import hints from './hints.md'

/** Norms are drawn above 1, where PyTorch's ‖g‖ + 1e-6 and Optax's ‖g‖ give the same to 1e-6. */
const tolerance = 1e-6

const normOf = (gradients: readonly number[][]): number => Math.hypot(...gradients.flat())

const byNorm = (gradients: readonly number[][], limit: number): number[][] => {
  const factor = Math.min(1, limit / normOf(gradients))
  return gradients.map((g) => g.map((x) => x * factor))
}

/** Gradients of a few parameters, of a norm of at least 2. */
function drawGradients(random: Random): number[][] {
  const sizes = Array.from({ length: wholeBetween(random, 2, 4) }, () => wholeBetween(random, 1, 4))
  return [...sizes.map((n) => listBetween(random, n, -6, 6)), [between(random, 2, 6)]]
}

/** The norm of what came back, or NaN where it is not a list of lists of numbers. */
function normOfAnswer(got: Plain): number {
  if (!Array.isArray(got)) return Number.NaN
  return Math.hypot(...got.flat().map((x) => (typeof x === 'number' ? x : Number.NaN)))
}

const value: Exercise = {
  id: 'clip-by-value',
  functionName: 'clipByValue',
  checks: [
    {
      name: 'any-limit',
      points: 2,
      rule: 'gᵢ ← min(c, max(−c, gᵢ)), for any limit',
      async test(student, random) {
        const limit = between(random, 0.5, 3)
        const gradient = [...listBetween(random, 6, -6, 6), limit + 1, -limit - 1]
        const want = gradient.map((x) => Math.min(limit, Math.max(-limit, x)))
        return close(await student.call('clipByValue', [gradient, limit]), want, { tolerance })
      },
    },
    {
      name: 'edges',
      points: 1,
      rule: 'numbers exactly at ±c stay, and no numbers give no numbers',
      async test(student, random) {
        const limit = between(random, 0.5, 3)
        const edges = await student.call('clipByValue', [[limit, -limit], limit])
        const empty = await student.call('clipByValue', [[], limit])
        return close([edges, empty], [[limit, -limit], []], { tolerance })
      },
    },
  ],
}

const norm: Exercise = {
  id: 'clip-by-norm',
  functionName: 'clipByNorm',
  checks: [
    {
      name: 'any-gradient',
      points: 2,
      rule: 'g ← g · min(1, c / ‖g‖), whatever the shapes',
      async test(student, random) {
        const gradients = drawGradients(random)
        const limit = normOf(gradients) * between(random, 0.1, 0.8)
        const got = await student.call('clipByNorm', [gradients, limit])
        return close(got, byNorm(gradients, limit), { tolerance })
      },
    },
    {
      name: 'length',
      points: 1,
      rule: 'after clipping ‖g‖ is the limit',
      async test(student, random) {
        const gradients = drawGradients(random)
        const limit = normOf(gradients) * between(random, 0.1, 0.8)
        const got = await student.call('clipByNorm', [gradients, limit])
        return close(normOfAnswer(got), limit, { tolerance })
      },
    },
    {
      name: 'short-enough',
      points: 1,
      rule: 'below the limit nothing changes',
      async test(student, random) {
        const gradients = drawGradients(random)
        const limit = normOf(gradients) * between(random, 1.5, 3)
        return close(await student.call('clipByNorm', [gradients, limit]), gradients, { tolerance })
      },
    },
    {
      name: 'zero-gradient',
      points: 1,
      rule: 'a gradient of zeros stays zero, it does not become NaN',
      async test(student, random) {
        const got = await student.call('clipByNorm', [[[0, 0], [0]], between(random, 0.5, 3)])
        return close(got, [[0, 0], [0]], { tolerance })
      },
    },
    {
      name: 'large-and-small',
      points: 1,
      rule: 'one factor for all: an array of small numbers shrinks as much as one of large numbers',
      async test(student, random) {
        const gradients = [listBetween(random, 3, 20, 40), listBetween(random, 2, 0.1, 0.2)]
        const limit = between(random, 1, 5)
        const got = await student.call('clipByNorm', [gradients, limit])
        return close(got, byNorm(gradients, limit), { tolerance })
      },
    },
  ],
}

export const hidden: readonly Exercise[] = [withHints(value, hints), withHints(norm, hints)]
