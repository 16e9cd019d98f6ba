/** Runs a task when its turn comes. */
export type Turns = <T>(task: () => Promise<T>) => Promise<T>

/** Tasks start in the order in which they come, at most `jobs` at a time; after one has failed, none that waits. */
export function inTurns(jobs: number): Turns {
  const waiting: (() => void)[] = []
  let free = jobs
  return async (task) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await task()
    } catch (error) {
      waiting.length = 0
      throw error
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}
