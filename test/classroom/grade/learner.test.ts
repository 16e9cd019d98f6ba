import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHost } from '../../../classroom/client/host.js'
import type { KernelHost } from '../../../classroom/client/types.js'
import { Learner } from '../../../classroom/grade/learner.js'
import { kernelName } from '../../../kernel/install/spec.js'

let host: KernelHost
let learner: Learner
const step = 8000
const source = `const five = () => 5
function endless(): never { while (true) {} }`

beforeAll(async () => {
  host = await openHost()
  learner = await Learner.start({
    host,
    kernel: kernelName,
    cwd: process.cwd(),
    cells: [{ cell: 1, source }],
    limits: { step, call: step, total: 10 * step },
  })
  // The first call loads the library, which takes its time.
  await learner
    .student()
    .call('five', [])
    .catch(() => {})
}, 120_000)
afterAll(async () => {
  await learner?.close()
  await host?.dispose()
})

// Two that mostly wait, each with a kernel of its own: together.
test.concurrent('what the grader computes between two calls is not the learner’s time', async () => {
  const student = learner.student()
  expect(await student.call('five', [])).toBe(5)
  await new Promise((resolve) => setTimeout(resolve, step + 100))
  expect(await student.call('five', [])).toBe(5)
}, 120_000)

test.concurrent('a long evening of tries does not cost the exercise', async () => {
  // They load the library too: on a busy machine the first call would have no time for it.
  const endless = "await import('downhill'); while (true) {}"
  const tries = Array.from({ length: 4 }, (_, k) => ({ cell: k + 1, source: endless }))
  const limits = { step: 6000, call: 6000, total: 30_000 }
  const cells = [...tries, { cell: 5, source, exercise: true }]
  const busy = await Learner.start({ host, kernel: kernelName, cwd: process.cwd(), cells, limits })
  try {
    expect(await busy.student().call('five', [])).toBe(5)
    expect(busy.troubles.map(({ cell }) => cell)).toEqual([1, 2, 3, 4])
    expect(busy.troubles.at(-1)!.what).toContain('not run: the time for the whole submission')
  } finally {
    await busy.close()
  }
}, 120_000)

test('what the learner’s code takes is', async () => {
  const student = learner.student()
  await expect(student.call('endless', [])).rejects.toThrow('took too long and was interrupted')
  await expect(student.call('five', [])).rejects.toThrow('had used up their time')
  expect(await learner.student().call('five', [])).toBe(5)
}, 120_000)
