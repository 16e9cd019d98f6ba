import { close, type Exercise, type Plain, registerExercise, withHints } from 'downhill'
import { field } from '../plain.js'
import hints from './hints.md'
import { runCheck } from './judge.js'

const isAnswer = (answer: Plain): boolean =>
  ['symptom', 'fix'].every((name) => {
    const word = field(answer, name)
    return typeof word === 'string' && /^[a-z]+(-[a-z]+)*$/.test(word)
  })
const sixRuns: Exercise = {
  id: 'six-runs',
  functionName: 'sixRuns',
  checks: [
    {
      name: 'six-answers',
      points: 1,
      rule: 'a symptom and a fix for each of the runs A to F',
      async test(student) {
        const got = await student.call('sixRuns', [])
        const missing = ['A', 'B', 'C', 'D', 'E', 'F'].filter((run) => !isAnswer(field(got, run)))
        return {
          ok: missing.length === 0,
          expected: 'A to F, each { symptom, fix } in words of the tables',
          got: missing.length === 0 ? 'A to F' : `no answer for ${missing.join(', ')}`,
        }
      },
    },
    runCheck(
      { run: 'A', symptoms: ['oscillating', 'exploding', 'overfitting'], fixes: ['lower-rate'] },
      'run A: the train loss turns again and again',
    ),
    runCheck(
      { run: 'B', symptoms: ['slow', 'underfitting'], fixes: ['raise-rate'] },
      'run B: smooth all the way, and not far',
    ),
  ],
}

const readCurves: Exercise = {
  id: 'read-curves',
  functionName: 'readCurves',
  checks: [
    {
      name: 'one-of-each',
      points: 2,
      rule: 'seven pairs of curves, one for each word',
      async test(student) {
        const cases: [number[], number[]][] = [
          [
            [2.3, 1.2, Number.NaN, Number.NaN, Number.NaN],
            [2.3, 1.5, 2, 2, 2],
          ],
          [
            [2, 1.5, 1.9, 1.4, 1.8, 1.3],
            [2, 2, 2, 2, 2, 2],
          ],
          [
            [2, 1, 0.8, 1.1, 1.6, 2.4],
            [2, 1, 1, 1, 1, 1],
          ],
          [
            [2.31, 2.306, 2.304, 2.301, 2.299, 2.298],
            [2.3, 2.3, 2.3, 2.3, 2.3, 2.3],
          ],
          [
            [2, 1, 0.5, 0.3, 0.2, 0.1],
            [2, 1.2, 0.8, 0.9, 1, 1.1],
          ],
          [
            [2.3, 2.2, 2.1, 2, 1.9, 1.8],
            [2.3, 2.2, 2.1, 2, 1.9, 1.8],
          ],
          [
            [2, 1, 0.5, 0.3, 0.2, 0.1],
            [2, 1.2, 0.8, 0.6, 0.5, 0.45],
          ],
        ]
        const got: Plain[] = []
        for (const [train, validation] of cases)
          got.push(await student.call('readCurves', [{ train, validation }]))
        return close(got, [
          'not-finite',
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
      name: 'either-list',
      points: 1,
      rule: 'not finite: NaN and ±∞, in the validation losses too',
      async test(student) {
        const fine = [2, 1.5, 1, 0.8, 0.7]
        const infinite = [2, 1.5, Number.POSITIVE_INFINITY, 1, 1]
        const got = [
          await student.call('readCurves', [{ train: fine, validation: infinite }]),
          await student.call('readCurves', [{ train: infinite, validation: fine }]),
        ]
        return close(got, ['not-finite', 'not-finite'])
      },
    },
  ],
}

const nextFix: Exercise = {
  id: 'next-fix',
  functionName: 'nextFix',
  checks: [
    {
      name: 'first-stage',
      points: 1,
      rule: 'the earliest stage first, wherever it stands in the list',
      async test(student) {
        const fixes = [
          { code: 'other-optimizer', stage: 'optimizer' },
          { code: 'larger-batch', stage: 'batch size' },
          { code: 'lower-rate', stage: 'learning rate' },
          { code: 'clip', stage: 'gradients' },
        ]
        return close(await student.call('nextFix', [fixes, []]), 'lower-rate')
      },
    },
    {
      name: 'tried',
      points: 1,
      rule: 'what was tried is left out',
      async test(student) {
        const fixes = [
          { code: 'clip', stage: 'gradients' },
          { code: 'numbers', stage: 'numerical stability' },
          { code: 'lower-rate', stage: 'learning rate' },
        ]
        const got = await student.call('nextFix', [fixes, ['lower-rate', 'numbers']])
        return close(got, 'clip')
      },
    },
  ],
}

export const visible = [sixRuns, readCurves, nextFix].map((one) => withHints(one, hints))
for (const exercise of visible) registerExercise(exercise)
