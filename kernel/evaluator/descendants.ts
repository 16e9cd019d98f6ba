import childProcess from 'node:child_process'

/** Node's own, also when `native-watch.ts` has put another in its place: an interrupt would end a cell's child, and this. */
const { execFileSync } = childProcess

/** Every process that `root` started, and what those started, but for the `besides` and theirs. Without ps there are none. */
export function descendants(root: number, besides: readonly number[] = []): number[] {
  const parents = [root]
  try {
    const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    const pairs = table
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number) as [number, number])
    for (const parent of parents)
      for (const [pid, ppid] of pairs)
        if (ppid === parent && !besides.includes(pid)) parents.push(pid)
  } catch {
    // Windows, or a small container.
  }
  return parents.slice(1)
}

export function sendSignal(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended.
    }
  }
}
