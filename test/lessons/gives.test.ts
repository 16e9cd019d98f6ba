import { expect, test } from 'vitest'
import { gives } from '../../lessons/gives.js'
import { seededRandom } from '../../src/checks/random.js'
import { localStudent } from '../../src/checks/run.js'

const student = localStudent({
  step: (x: number, { lr }: { lr: number }) => ({ w: x - lr, v: 7 }),
  empty(list: number[]) {
    list.length = 0
    return list
  },
})
const verdict = (check: ReturnType<typeof gives>) => check(student, seededRandom(1))

test('only the fields that are asked for count, within the tolerance', async () => {
  const args = [1, { lr: 0.25 }]
  expect((await verdict(gives('step', args, { w: 0.75 }))).ok).toBe(true)
  expect((await verdict(gives('step', args, { w: 0.7501 }))).ok).toBe(false)
  expect((await verdict(gives('step', args, { w: 0.7501 }, { tolerance: 1e-3 }))).ok).toBe(true)
  expect(await verdict(gives('step', args, { v: 8 }))).toEqual({
    ok: false,
    expected: '{ v: 8 }',
    got: '{ w: 0.75, v: 7 }',
  })
})

test('a learner who empties the arguments empties a copy', async () => {
  const list = [1, 2]
  for (const _ of [1, 2]) expect((await verdict(gives('empty', [list], []))).ok).toBe(true)
  expect(list).toEqual([1, 2])
})
