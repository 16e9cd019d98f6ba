import { close, type Exercise, type Random, withHints } from 'downhill'
import { between, wholeBetween } from '../draw.js'
import { column } from '../plain.js'
import hints from './hints.md'

/** Names of a model whose parts are mixed: the head before, between and after the backbone. */
function mixed(random: Random) {
  const last = wholeBetween(random, 2, 5)
  const head = ['out.weight', 'out.bias']
  const body = [`block${last}.weight`, 'stem.bias', 'stem.weight']
  return { names: [head[0]!, body[0]!, body[1]!, head[1]!, body[2]!], head, body }
}

const rateGroups: Exercise = {
  id: 'rate-groups',
  functionName: 'rateGroups',
  checks: [
    {
      name: 'any-names',
      points: 2,
      rule: 'any order, any name of the head; the order within a group stays',
      async test(student, random) {
        const { names, head, body } = mixed(random)
        const got = await student.call('rateGroups', [names, 'out', between(random, 1, 2), 10])
        return close(column(got, 'names'), [body, head])
      },
    },
    {
      name: 'begins-like-the-head',
      points: 1,
      rule: 'only "head." at the beginning is the head: "headless.weight" and "body.head.weight" are not',
      async test(student, random) {
        const others = ['headless.weight', 'body.head.weight', `body.${wholeBetween(random, 0, 9)}`]
        const got = await student.call('rateGroups', [[...others, 'head.bias'], 'head', 1, 4])
        return close(column(got, 'names'), [others, ['head.bias']])
      },
    },
    {
      name: 'any-rates',
      points: 2,
      rule: 'lr of the backbone = headRate / ratio, for any of both',
      async test(student, random) {
        const [rate, ratio] = [between(random, 1, 2), between(random, 3, 50)]
        const got = await student.call('rateGroups', [mixed(random).names, 'out', rate, ratio])
        return close(column(got, 'lr'), [rate / ratio, rate])
      },
    },
  ],
}

const plan = (layers: readonly string[], every: number, epochs: number): string[][] =>
  Array.from({ length: epochs }, (_, epoch) =>
    layers.slice(Math.max(0, layers.length - 1 - Math.floor(epoch / every))),
  )

const layers = ['stem', 'block1', 'block2', 'head']

const unfreezePlan: Exercise = {
  id: 'unfreeze-plan',
  functionName: 'unfreezePlan',
  checks: [
    {
      name: 'any-plan',
      points: 2,
      rule: 'a layer more after every `every` epochs, for any number of layers',
      async test(student, random) {
        const every = wholeBetween(random, 2, 4)
        const got = await student.call('unfreezePlan', [layers, every, 4 * every])
        return close(got, plan(layers, every, 4 * every))
      },
    },
    {
      name: 'long-run',
      points: 1,
      rule: 'once all train, it stays so',
      async test(student, random) {
        const epochs = wholeBetween(random, 7, 9)
        const got = await student.call('unfreezePlan', [layers, 1, epochs])
        return close(got, plan(layers, 1, epochs))
      },
    },
    {
      name: 'short-run',
      points: 1,
      rule: 'a run may end before all train: one entry an epoch',
      async test(student, random) {
        const every = wholeBetween(random, 5, 9)
        const got = await student.call('unfreezePlan', [layers, every, every + 1])
        return close(got, plan(layers, every, every + 1))
      },
    },
  ],
}

export const hidden: readonly Exercise[] = [
  withHints(rateGroups, hints),
  withHints(unfreezePlan, hints),
]
