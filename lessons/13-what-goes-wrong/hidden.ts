import { close, type Exercise, type Plain, type Random, stages, withHints } from 'downhill'
import { between, wholeBetween } from '../draw.js'
import hints from './hints.md'
import { runCheck } from './judge.js'

const sixRuns: Exercise = {
  id: 'six-runs',
  functionName: 'sixRuns',
  checks: [
    runCheck(
      { run: 'C', symptoms: ['overfitting'], fixes: ['stop-earlier', 'regularize'] },
      'run C: two curves that part',
    ),
    runCheck(
      { run: 'D', symptoms: ['not-finite', 'diverging', 'exploding'], fixes: ['lower-rate'] },
      'run D: it did not reach the last epoch',
    ),
    runCheck(
      { run: 'E', symptoms: ['underfitting', 'slow'], fixes: ['larger-model'] },
      'run E: smooth, both curves alike, the accuracy poor',
    ),
    runCheck(
      {
        run: 'F',
        symptoms: ['not-decreasing', 'vanishing', 'underfitting'],
        fixes: ['overfit-one-batch'],
      },
      'run F: it stays where a guess is',
    ),
  ],
}

/** From one loss to another in n epochs, each by the same factor. */
const course = (from: number, to: number, n: number): number[] =>
  Array.from({ length: n }, (_, k) => from * (to / from) ** (k / (n - 1)))
/** A curve with a kink: down to `low`, then up to `end`. */
const kink = (from: number, low: number, end: number, n: number): number[] => [
  ...course(from, low, n),
  ...course(low, end, 5).slice(1),
]
/** It turns at every inner epoch. */
const zigzag = (from: number, to: number, n: number): number[] =>
  course(from, to, n).map((loss, k) => loss * (k % 2 ? 1.4 : 1))

const draw = (random: Random) => ({
  from: between(random, 1, 6),
  n: wholeBetween(random, 8, 20),
  share: between(random, 0.1, 0.4),
})

const readCurves: Exercise = {
  id: 'read-curves',
  functionName: 'readCurves',
  checks: [
    {
      name: 'drawn-shapes',
      points: 2,
      rule: 'the same words for other curves, of other sizes and lengths',
      async test(student, random) {
        const got: Plain[] = []
        const { from, n, share } = draw(random)
        const down = course(from, share * from, n)
        const ask = async (train: number[], validation = train) =>
          got.push(await student.call('readCurves', [{ train, validation }]))
        await ask(zigzag(from, share * from, n))
        await ask(kink(from, share * from, share * from * between(random, 2.2, 3), n))
        await ask(course(from, from * between(random, 0.98, 0.999), n))
        const up = kink(from, 0.6 * from, 0.9 * from, n)
        await ask(course(from, share * from, up.length), up)
        await ask(course(from, from * between(random, 0.75, 0.9), n))
        await ask(down)
        return close(got, [
          'oscillating',
          'diverging',
          'not-decreasing',
          'overfitting',
          'slow',
          'nothing',
        ])
      },
    },
    {
      name: 'first-rule',
      points: 1,
      rule: 'where several rules fit, the first one counts',
      async test(student, random) {
        const { from, n, share } = draw(random)
        const up = kink(from, 0.6 * from, 0.9 * from, n)
        const high = kink(from, 0.4 * from, 0.8 * from, n)
        const got = [
          await student.call('readCurves', [
            { train: zigzag(from, share * from, up.length), validation: up },
          ]),
          await student.call('readCurves', [{ train: high, validation: high }]),
          await student.call('readCurves', [
            { train: course(from, from * between(random, 0.75, 0.9), up.length), validation: up },
          ]),
        ]
        return close(got, ['oscillating', 'diverging', 'overfitting'])
      },
    },
    {
      name: 'limits',
      points: 2,
      rule: 'the limits themselves: 40 % of the inner epochs, 1.5, 3 %, 1.05 and 0.7; the last loss or the smallest',
      async test(student, random) {
        const from = between(random, 1, 6)
        const ask = (train: number[], validation: number[]) =>
          student.call('readCurves', [{ train, validation }])
        const flat = (to: number) => course(from, to * from, 10)
        const late = (...ups: number[]) => [
          ...course(from, 0.5 * from, 7),
          ...ups.map((up) => 0.5 * from * up),
        ]
        // Of ten inner epochs, those turn that neighbour a rise: three at first, then four.
        const rises = (places: readonly number[]) => {
          let loss = from
          return Array.from({ length: 12 }, (_, k) => {
            if (k > 0) loss *= places.includes(k) ? 1.02 : 0.8
            return loss
          })
        }
        const steps = course(from, 0.2 * from, 6).flatMap((loss) => [loss, loss])
        /** Down to one share of the first loss and up to another, the validation loss falling. */
        const bent = (low: number, end: number) => {
          const train = kink(from, low * from, end * from, 10)
          return ask(train, course(from, 0.2 * from, train.length))
        }
        const got = [
          await ask(flat(0.975), flat(0.975)),
          await ask(flat(0.965), flat(0.965)),
          await ask(flat(0.69), flat(0.69)),
          await ask(flat(0.71), flat(0.71)),
          await ask(flat(0.2), late(1.04, 1.04, 1.04)),
          await ask(flat(0.2), late(1.06, 1.06, 1.06)),
          await ask(flat(0.2), late(1.02, 1.2, 1.2)),
          await ask(rises([4, 11]), flat(0.2).concat([0.2 * from, 0.2 * from])),
          await ask(rises([4, 8]), flat(0.2).concat([0.2 * from, 0.2 * from])),
          await ask(steps, steps),
          await bent(0.4, 0.58),
          await bent(0.4, 0.62),
          await bent(0.9, 0.99),
          await bent(0.65, 0.75),
        ]
        return close(got, [
          'not-decreasing',
          'slow',
          'nothing',
          'slow',
          'nothing',
          'overfitting',
          'nothing',
          'nothing',
          'oscillating',
          'nothing',
          'nothing',
          'diverging',
          'slow',
          'slow',
        ])
      },
    },
  ],
}

const shuffled = <Item>(items: readonly Item[], random: Random): Item[] => {
  const left = [...items]
  return items.map(() => left.splice(wholeBetween(random, 0, left.length - 1), 1)[0]!)
}

const nextFix: Exercise = {
  id: 'next-fix',
  functionName: 'nextFix',
  checks: [
    {
      name: 'whole-order',
      points: 2,
      rule: 'asked again after each try, it goes through all eight stages in their order',
      async test(student, random) {
        const names = shuffled(['p', 'q', 'r', 's', 't', 'u', 'v', 'w'], random)
        const fixes = stages.map((stage, k) => ({ code: names[k]!, stage }))
        const given = shuffled(fixes, random)
        const tried: string[] = []
        for (const { code } of fixes) {
          const got = await student.call('nextFix', [given.map((fix) => ({ ...fix })), [...tried]])
          if (got !== code) return close(got, code)
          tried.push(code)
        }
        return close(tried, names)
      },
    },
    {
      name: 'same-stage',
      points: 1,
      rule: 'two of one stage: the first in the list; nothing left: null',
      async test(student, random) {
        const codes = shuffled(['x', 'y', 'z'], random)
        const fixes = [
          { code: 'o', stage: 'optimizer' },
          ...codes.map((code) => ({ code, stage: 'gradients' })),
        ]
        const got = [
          await student.call('nextFix', [fixes.map((fix) => ({ ...fix })), []]),
          await student.call('nextFix', [fixes.map((fix) => ({ ...fix })), [codes[0]!]]),
          await student.call('nextFix', [fixes, ['o', ...codes]]),
        ]
        return close(got, [codes[0]!, codes[1]!, null])
      },
    },
  ],
}

export const hidden: readonly Exercise[] = [sixRuns, readCurves, nextFix].map((one) =>
  withHints(one, hints),
)
