import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHost } from '../../../classroom/client/host.js'
import type { KernelHost } from '../../../classroom/client/types.js'
import { budget, gradeIn, runOnce, timed } from '../../../classroom/gate/run.js'
import { loadLesson } from '../../../classroom/grade/course.js'
import { findLessons, lessonNotebook } from '../../../classroom/notebook/index.js'

let host: KernelHost
beforeAll(async () => {
  host = await openHost()
})
afterAll(() => host.dispose())

test('a lesson may take as long as is meant; more is a warning, much more a problem', () => {
  expect(budget).toEqual({ meant: 60, most: 300 })
  expect(timed('x', 60)).toEqual({ problems: [], warnings: [] })
  const words = 'the cells of x take 60.1 s; 60 s are meant, 300 s the limit'
  expect(timed('x', 60.1)).toEqual({ problems: [], warnings: [words] })
  expect(timed('x', 300.1)).toMatchObject({ problems: [expect.any(String)], warnings: [] })
})

test('one run gives the outputs, the seconds, and a session whose functions the grader calls', async () => {
  const [entry] = findLessons(['01'])
  const notebook = lessonNotebook('.', entry!, { solution: true })
  const kernels: string[] = []
  const counting: KernelHost = {
    name: host.name,
    dispose: () => host.dispose(),
    async start(options) {
      const session = await host.start(options)
      kernels.push(session.kernelId)
      return session
    },
  }
  const lesson = await loadLesson('.', '01')
  let points: number[] = []
  const run = await runOnce('it', notebook, counting, async (session) => {
    points = (await gradeIn(session, notebook, lesson, 7)).map((grade) => grade.points)
  })
  expect(run).toEqual({ problems: [], warnings: [], seconds: expect.any(Number) })
  expect(run.seconds).toBeGreaterThan(0)
  expect(points).toEqual([10])
  expect(kernels).toHaveLength(1)
  expect(JSON.stringify(notebook.cells)).toContain('adam-step: 4 of 4 points')
}, 120_000)
