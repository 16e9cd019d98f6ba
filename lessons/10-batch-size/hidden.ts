import { close, type Exercise, withHints } from 'downhill'
import { between, listBetween, wholeBetween } from '../draw.js'
import hints from './hints.md'

const accumulate: Exercise = {
  id: 'accumulate',
  functionName: 'accumulate',
  checks: [
    {
      name: 'any-parts',
      points: 3,
      rule: 'g = Σ nₖ/N · gₖ with N = Σ nₖ, for any number of parts and rows',
      async test(student, random) {
        const length = wholeBetween(random, 2, 5)
        const parts = Array.from({ length: wholeBetween(random, 3, 5) }, (_, k) => ({
          rows: 4 * k + wholeBetween(random, 1, 4),
          gradient: listBetween(random, length, k, k + 1),
        }))
        const total = parts.reduce((sum, { rows }) => sum + rows, 0)
        const want = Array.from({ length }, (_, i) =>
          parts.reduce((sum, { rows, gradient }) => sum + (rows / total) * gradient[i]!, 0),
        )
        return close(await student.call('accumulate', [parts]), want)
      },
    },
    {
      name: 'one-part',
      points: 1,
      rule: 'one part alone: its gradient, whatever its rows',
      async test(student, random) {
        const gradient = listBetween(random, 4, 1, 5)
        const parts = [{ rows: wholeBetween(random, 2, 50), gradient }]
        return close(await student.call('accumulate', [parts]), gradient)
      },
    },
  ],
}

const scaleRate: Exercise = {
  id: 'scale-rate',
  functionName: 'scaleRate',
  checks: [
    {
      name: 'any-sgd',
      points: 2,
      rule: 'SGD: lr · to/from, for larger and smaller batches',
      async test(student, random) {
        const [lr, from] = [between(random, 0.5, 1), wholeBetween(random, 20, 40)]
        const sizes = [wholeBetween(random, 100, 300), wholeBetween(random, 4, 10)]
        const got = []
        for (const to of sizes) got.push(await student.call('scaleRate', [lr, from, to, 'sgd']))
        return close(
          got,
          sizes.map((to) => (lr * to) / from),
        )
      },
    },
    {
      name: 'any-adam',
      points: 2,
      rule: 'Adam and AdamW: lr · √(to/from), for larger and smaller batches',
      async test(student, random) {
        const [lr, from] = [between(random, 0.5, 1), wholeBetween(random, 20, 40)]
        const sizes = [wholeBetween(random, 100, 300), wholeBetween(random, 4, 10)]
        const got = []
        for (const [k, to] of sizes.entries())
          got.push(await student.call('scaleRate', [lr, from, to, k === 0 ? 'adam' : 'adamw']))
        return close(
          got,
          sizes.map((to) => lr * Math.sqrt(to / from)),
        )
      },
    },
  ],
}

export const hidden: readonly Exercise[] = [
  withHints(accumulate, hints),
  withHints(scaleRate, hints),
]
