import { describe, expect, test } from 'vitest'
import { lostChecks, pointsFor } from '../support/answers.js'

type Groups = (names: string[], headName: string, headRate: number, ratio: number) => unknown
type Plan = (layers: string[], every: number, epochs: number) => unknown

interface Wrong<Answer> {
  answer: Answer
  lost: string[]
  points: number
}

const groupsBy =
  (
    isHead: (name: string, head: string) => boolean,
    slower = (rate: number, by: number) => rate / by,
  ) =>
  (names: string[], head: string, rate: number, ratio: number) =>
    [
      { names: names.filter((name) => !isHead(name, head)), lr: slower(rate, ratio) },
      { names: names.filter((name) => isHead(name, head)), lr: rate },
    ].filter((group) => group.names.length > 0)

const rightGroups: Record<string, Groups> = {
  'two filters': groupsBy((name, head) => name.startsWith(`${head}.`)),
  'one loop, the first part of the path': (names, headName, headRate, ratio) => {
    const groups = new Map<boolean, { names: string[]; lr: number }>()
    for (const name of names) {
      const head = name.includes('.') && name.split('.')[0] === headName
      const group = groups.get(head) ?? { names: [], lr: head ? headRate : (1 / ratio) * headRate }
      group.names.push(name)
      groups.set(head, group)
    }
    return [groups.get(false), groups.get(true)].filter((group) => group !== undefined)
  },
}

const wrongGroups: Record<string, Wrong<Groups>> = {
  'the head first': {
    answer: (...args) => groupsBy((name, head) => name.startsWith(`${head}.`))(...args).reverse(),
    lost: ['who-is-where', 'two-rates', 'any-names', 'begins-like-the-head', 'any-rates'],
    points: 1,
  },
  'the backbone is the faster one': {
    answer: groupsBy(
      (name, head) => name.startsWith(`${head}.`),
      (rate, ratio) => rate * ratio,
    ),
    lost: ['two-rates', 'any-rates'],
    points: 5,
  },
  'one rate for both': {
    answer: groupsBy(
      (name, head) => name.startsWith(`${head}.`),
      (rate) => rate,
    ),
    lost: ['two-rates', 'any-rates'],
    points: 5,
  },
  'anywhere in the path': {
    answer: groupsBy((name, head) => name.includes(head)),
    lost: ['begins-like-the-head'],
    points: 7,
  },
  'the word head built in': {
    answer: groupsBy((name) => name.startsWith('head.')),
    lost: ['any-names', 'any-rates'],
    points: 4,
  },
  'only an empty backbone is left out': {
    answer: (names, head, rate, ratio) => {
      const body = names.filter((name) => !name.startsWith(`${head}.`))
      const group = { names: names.filter((name) => name.startsWith(`${head}.`)), lr: rate }
      return body.length > 0 ? [{ names: body, lr: rate / ratio }, group] : [group]
    },
    lost: ['no-empty-group'],
    points: 7,
  },
  'empty groups stay': {
    answer: (names, head, rate, ratio) => [
      { names: names.filter((name) => !name.startsWith(`${head}.`)), lr: rate / ratio },
      { names: names.filter((name) => name.startsWith(`${head}.`)), lr: rate },
    ],
    lost: ['no-empty-group'],
    points: 7,
  },
}

const planBy =
  (training: (epoch: number, every: number) => number) =>
  (layers: string[], every: number, epochs: number): string[][] =>
    Array.from({ length: epochs }, (_, epoch) => {
      const n = Math.min(layers.length, training(epoch, every))
      return layers.slice(layers.length - n)
    })
const right = planBy((epoch, every) => 1 + Math.floor(epoch / every))

const rightPlans: Record<string, Plan> = {
  'a slice from the end': right,
  'layers join a growing list': (layers, every, epochs) => {
    const waiting = [...layers]
    const training: string[] = []
    const plan: string[][] = []
    for (let epoch = 0; epoch < epochs; epoch++) {
      if (epoch % every === 0 && waiting.length > 0) training.unshift(waiting.pop()!)
      plan.push([...training])
    }
    return plan
  },
}

const wrongPlans: Record<string, Wrong<Plan>> = {
  'from the input': {
    answer: (layers, every, epochs) =>
      right(layers, every, epochs).map((list) => layers.slice(0, list.length)),
    lost: ['head-first', 'top-down', 'any-plan', 'long-run', 'short-run'],
    points: 0,
  },
  'an epoch too early': {
    answer: planBy((epoch, every) => 1 + Math.floor((epoch + 1) / every)),
    lost: ['head-first', 'top-down', 'any-plan', 'long-run', 'short-run'],
    points: 0,
  },
  'all at once after the first stage': {
    answer: (layers, every, epochs) =>
      Array.from({ length: epochs }, (_, epoch) => (epoch < every ? layers.slice(-1) : layers)),
    lost: ['top-down', 'any-plan', 'long-run', 'short-run'],
    points: 1,
  },
  'only the newest layer trains': {
    answer: (layers, every, epochs) => right(layers, every, epochs).map((list) => list.slice(0, 1)),
    lost: ['head-first', 'top-down', 'any-plan', 'long-run', 'short-run'],
    points: 0,
  },
  'it ends when all have joined': {
    answer: (layers, every, epochs) =>
      right(layers, every, Math.min(epochs, layers.length * every)),
    lost: ['long-run'],
    points: 5,
  },
  'a negative start of slice': {
    answer: (layers, every, epochs) =>
      Array.from({ length: epochs }, (_, epoch) =>
        layers.slice(layers.length - 1 - Math.floor(epoch / every)),
      ),
    lost: ['long-run'],
    points: 5,
  },
}

describe('right answers keep every point', () => {
  test.each(Object.entries(rightGroups))('groups: %s', async (_, rateGroups) => {
    expect(await lostChecks('rate-groups', { rateGroups })).toEqual([])
  })
  test.each(Object.entries(rightPlans))('plan: %s', async (_, unfreezePlan) => {
    expect(await lostChecks('unfreeze-plan', { unfreezePlan })).toEqual([])
  })
})

describe('wrong answers lose the checks that test what is wrong', () => {
  test.each(Object.entries(wrongGroups))('groups: %s', async (_, { answer, lost, points }) => {
    const names = await lostChecks('rate-groups', { rateGroups: answer })
    expect(new Set(names)).toEqual(new Set(lost))
    expect(8 - pointsFor('rate-groups', names)).toBe(points)
  })
  test.each(Object.entries(wrongPlans))('plan: %s', async (_, { answer, lost, points }) => {
    const names = await lostChecks('unfreeze-plan', { unfreezePlan: answer })
    expect(new Set(names)).toEqual(new Set(lost))
    expect(6 - pointsFor('unfreeze-plan', names)).toBe(points)
  })
})
