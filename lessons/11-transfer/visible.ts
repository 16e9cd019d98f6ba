import { close, type Exercise, registerExercise, withHints } from 'downhill'
import { gives } from '../gives.js'
import { column } from '../plain.js'
import hints from './hints.md'

const names = ['body.0.weight', 'body.0.bias', 'head.weight', 'head.bias']

const rateGroups: Exercise = {
  id: 'rate-groups',
  functionName: 'rateGroups',
  checks: [
    {
      name: 'who-is-where',
      points: 1,
      rule: 'the backbone first, then the head; names in their order',
      async test(student) {
        const got = await student.call('rateGroups', [names, 'head', 0.01, 10])
        return close(column(got, 'names'), [names.slice(0, 2), names.slice(2)])
      },
    },
    {
      name: 'two-rates',
      points: 1,
      rule: 'the backbone is slower by the ratio: 0.01 / 10',
      async test(student) {
        const got = await student.call('rateGroups', [names, 'head', 0.01, 10])
        return close(column(got, 'lr'), [0.001, 0.01])
      },
    },
    {
      name: 'no-empty-group',
      points: 1,
      rule: 'a group without names is left out, be it the backbone or the head',
      async test(student) {
        const got = [
          await student.call('rateGroups', [names.slice(2), 'head', 0.01, 10]),
          await student.call('rateGroups', [names.slice(0, 2), 'head', 0.01, 10]),
        ]
        return close(
          got.map((groups) => column(groups, 'names')),
          [[names.slice(2)], [names.slice(0, 2)]],
        )
      },
    },
  ],
}

const unfreezePlan: Exercise = {
  id: 'unfreeze-plan',
  functionName: 'unfreezePlan',
  checks: [
    {
      name: 'head-first',
      points: 1,
      rule: 'the head alone in the first epochs, all at the end',
      test: gives(
        'unfreezePlan',
        [['body', 'head'], 2, 4],
        [['head'], ['head'], ['body', 'head'], ['body', 'head']],
      ),
    },
    {
      name: 'top-down',
      points: 1,
      rule: 'one layer more at a time, from the top down, listed from the input to the head',
      test: gives('unfreezePlan', [['a', 'b', 'c'], 1, 3], [['c'], ['b', 'c'], ['a', 'b', 'c']]),
    },
  ],
}

export const visible = [withHints(rateGroups, hints), withHints(unfreezePlan, hints)]
for (const exercise of visible) registerExercise(exercise)
