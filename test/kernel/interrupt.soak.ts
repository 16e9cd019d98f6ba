import { afterAll, beforeAll, expect, test } from 'vitest'
import { InterruptSession } from '../support/interrupts.js'
import { onEachNode } from '../support/node24.js'

const limits = { rounds: 500, seconds: 18 }

onEachNode('interrupts in one session', (node) => {
  let session: InterruptSession
  beforeAll(async () => {
    session = await InterruptSession.start(node)
  })
  afterAll(() => session.close())

  test('leave the kernel alive, and every loss of variables is told', {
    timeout: 120_000,
  }, async () => {
    const { times, losses } = await session.underWay(limits)
    console.log(`${times.length} interrupts: the evaluator was replaced ${losses.length} times`)
  })

  test('are not lost in the first milliseconds of a cell on a busy machine', {
    timeout: 120_000,
  }, async () => {
    const { times, losses } = await session.starting(limits)
    console.log(
      `${times.length} early interrupts: the evaluator was replaced ${losses.length} times`,
    )
    // Node 20's V8 may die of an interrupt; what is not here is one that did nothing for three seconds.
    expect(losses.filter((loss) => loss.includes('did not stop'))).toEqual([])
  })
})
