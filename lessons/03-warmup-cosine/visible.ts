import { close, type Exercise, type Plain, registerExercise, withHints } from 'downhill'
import { gives } from '../gives.js'
import { column } from '../plain.js'
import hints from './hints.md'

const options = { peak: 0.001, warmup: 100, total: 1000 }

/** Rates are near 0.001, so 1e-9 is a millionth of them. */
const tolerance = 1e-9

const warmupCosine: Exercise = {
  id: 'warmup-cosine',
  functionName: 'rate',
  checks: [
    {
      name: 'warmup',
      points: 1,
      rule: 'step < warmup: rate = peak · step / warmup',
      async test(student) {
        const got = [
          await student.call('rate', [0, options]),
          await student.call('rate', [50, options]),
        ]
        return close(got, [0, 0.0005], { tolerance })
      },
    },
    {
      name: 'peak',
      points: 1,
      rule: 'the cosine starts at the peak: rate(warmup) = peak',
      test: gives('rate', [100, options], 0.001, { tolerance }),
    },
    {
      name: 'cosine',
      points: 2,
      rule: 'then rate = peak · ½ · (1 + cos(π · (step − warmup) / (total − warmup)))',
      async test(student) {
        const got: Plain[] = []
        for (const step of [300, 700, 1000]) got.push(await student.call('rate', [step, options]))
        return close(got, [0.000883022221559489, 0.00025, 0], { tolerance })
      },
    },
  ],
}

const rateTable: Exercise = {
  id: 'rate-table',
  functionName: 'rateTable',
  checks: [
    {
      name: 'steps',
      points: 1,
      rule: 'one row for step 0, every, 2·every, … up to total, the last one included',
      async test(student) {
        const rows = await student.call('rateTable', [250, options])
        return close(column(rows, 'step'), [0, 250, 500, 750, 1000], { tolerance })
      },
    },
    {
      name: 'rates',
      points: 1,
      rule: 'each row has the rate of its step, as your own rate(step, options) gives it',
      async test(student) {
        const rows = await student.call('rateTable', [250, options])
        const own: Plain[] = []
        for (const step of [0, 250, 500, 750, 1000])
          own.push(await student.call('rate', [step, options]))
        return close(column(rows, 'rate'), own, { tolerance })
      },
    },
  ],
}

export const visible = [withHints(warmupCosine, hints), withHints(rateTable, hints)]
for (const exercise of visible) registerExercise(exercise)
