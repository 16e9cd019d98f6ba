import { duration } from './duration.js'
import type { Magic } from './types.js'

/** `%time`: the code once, with the clock and the processor's time of all threads of the evaluator. Compiling is not counted. */
export const time: Magic = async ({ compile, print }) => {
  const run = compile()
  const before = process.cpuUsage()
  const start = performance.now()
  try {
    return { last: await run() }
  } finally {
    const wall = performance.now() - start
    const { user, system } = process.cpuUsage(before)
    print(
      `CPU time: user ${duration(user / 1000)}, system ${duration(system / 1000)}\nWall time: ${duration(wall)}\n`,
    )
  }
}
