import { expect, test } from 'vitest'
import { inTurns } from '../../../classroom/grade/index.js'

const moment = () => new Promise((resolve) => setTimeout(resolve, 1))

test('tasks start in order, never more than allowed at a time, and give their values', async () => {
  const turns = inTurns(2)
  const started: number[] = []
  let [running, most] = [0, 0]
  const task = (k: number) => async () => {
    started.push(k)
    running += 1
    most = Math.max(most, running)
    await moment()
    running -= 1
    return 10 * k
  }
  const first = [0, 1, 2, 3].map((k) => turns(task(k)))
  await first[0]
  expect(await Promise.all([...first, turns(task(4))])).toEqual([0, 10, 20, 30, 40])
  expect([started, most]).toEqual([[0, 1, 2, 3, 4], 2])
})

test('after one has failed, none that waits starts', async () => {
  const turns = inTurns(1)
  const started: string[] = []
  const failing = turns(async () => {
    started.push('failing')
    await moment()
    throw new Error('disk full')
  })
  void turns(async () => started.push('waiting'))
  await expect(failing).rejects.toThrow('disk full')
  await moment()
  expect(started).toEqual(['failing'])
})
