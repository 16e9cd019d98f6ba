import { close, type Exercise, withHints } from 'downhill'
import { between, listBetween, wholeBetween } from '../draw.js'
import hints from './hints.md'

const exact = { tolerance: 1e-9 }

/** Losses that fall by 0.1 an epoch. */
const falling = (n: number, from: number): number[] =>
  Array.from({ length: n }, (_, k) => from - 0.1 * k)

const earlyStopping: Exercise = {
  id: 'early-stopping',
  functionName: 'stopAt',
  checks: [
    {
      name: 'any-patience',
      points: 1,
      rule: 'stop = the patience-th epoch in a row without improvement, for any patience; what comes later does not count',
      async test(student, random) {
        const [n, patience] = [wholeBetween(random, 3, 8), wholeBetween(random, 4, 7)]
        const down = falling(n, between(random, 2, 3))
        const loss = down[n - 1]!
        const flat = listBetween(random, patience, loss + 0.01, loss + 0.5)
        const losses = [...down, ...flat, 0.01, 0.001]
        const got = await student.call('stopAt', [losses, { patience, minDelta: 0 }])
        return close(got, { stop: n + patience - 1, best: n - 1, loss }, exact)
      },
    },
    {
      name: 'min-delta',
      points: 1,
      rule: 'an improvement is more than minDelta below the best one so far, not below the last one',
      async test(student, random) {
        // Above 2, where a share of the best loss is another threshold than minDelta.
        const [start, minDelta] = [between(random, 2, 3), between(random, 0.05, 0.1)]
        // Each is 0.4·minDelta below the last: the third is an improvement, the first and second are none.
        const losses = [0, 1, 2, 3, 4, 5].map((k) => start - 0.4 * k * minDelta)
        const got = await student.call('stopAt', [losses, { patience: 3, minDelta }])
        return close(got, { stop: null, best: 3, loss: losses[3]! }, exact)
      },
    },
    {
      name: 'goes-on',
      points: 1,
      rule: 'stop is null when patience never runs out, also at the very last epoch but one',
      async test(student, random) {
        const patience = wholeBetween(random, 3, 6)
        const down = falling(5, 2)
        const losses = [...down, ...listBetween(random, patience - 1, 1.7, 2)]
        const got = await student.call('stopAt', [losses, { patience, minDelta: 0 }])
        return close(got, { stop: null, best: 4, loss: down[4]! }, exact)
      },
    },
    {
      name: 'not-a-number',
      points: 1,
      rule: 'NaN is no improvement, and counts as an epoch without one',
      async test(student, random) {
        const first = between(random, 1, 2)
        const losses = [first, Number.NaN, first - 0.5, Number.NaN, Number.NaN, 0.1]
        const got = await student.call('stopAt', [losses, { patience: 2, minDelta: 0 }])
        return close(got, { stop: 4, best: 2, loss: first - 0.5 }, exact)
      },
    },
  ],
}

export const hidden: readonly Exercise[] = [withHints(earlyStopping, hints)]
