import { duration } from './duration.js'
import { type Magic, UsageError } from './types.js'

type Loop = (loops: number, go: () => boolean) => Promise<void>

/** Milliseconds that one run should take: a thousand times what the clock and a scheduler's hiccup can spoil. */
const enough = 200

/**
 * `%timeit`: the code in a loop. The number of loops grows 1, 2, 5, 10, 20 … until a run takes 0.2 s (so code is hot
 * before it counts); then 7 runs. Source of the scheme: Python's timeit.autorange and IPython's %timeit.
 */
export const timeit: Magic = async ({ code, args, compile, signal, print }) => {
  if (code.trim() === '') throw new UsageError('%timeit needs code to time: %timeit Math.sqrt(2)')
  const runs = option(args, 'r') ?? 7
  const go = () => !signal.aborted
  // Only code that waits can be left in mid-loop without the engine's help.
  const check = /\bawait\b/.test(code) ? ' && __go()' : ''
  const before = `async (__loops: number, __go: () => boolean) => { for (let __i = 0; __i < __loops${check}; __i++) {`
  const loop = (await compile({ before, after: '} }' })())?.value as Loop
  const measure = async (loops: number): Promise<number> => {
    // An interrupt can come between two runs, when nothing is there that it could end.
    signal.throwIfAborted()
    const start = performance.now()
    await loop(loops, go)
    return performance.now() - start
  }
  const loops = option(args, 'n') ?? (await enoughLoops(measure))
  const times: number[] = []
  while (times.length < runs) times.push((await measure(loops)) / loops)
  print(`${summary(times, loops)}\n`)
  return undefined
}

async function enoughLoops(measure: (loops: number) => Promise<number>): Promise<number> {
  for (let power = 1; ; power *= 10)
    for (const digit of [1, 2, 5])
      if ((await measure(digit * power)) >= enough) return digit * power
}

/** `times`: milliseconds of one loop, by run. */
export function summary(times: readonly number[], loops: number): string {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length
  const squares = times.reduce((sum, time) => sum + (time - mean) ** 2, 0)
  const sd = times.length > 1 ? Math.sqrt(squares / (times.length - 1)) : 0
  const count = (n: number, what: string) =>
    `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`
  return `${duration(mean)} ± ${duration(sd)} a loop (mean ± sd of ${count(times.length, 'run')} of ${count(loops, 'loop')}; best ${duration(Math.min(...times))})`
}

function option(args: string, name: 'n' | 'r'): number | undefined {
  const digits = new RegExp(`-${name}\\s*(\\d+)`).exec(args)?.[1]
  if (digits === undefined) return undefined
  if (Number(digits) < 1)
    throw new UsageError(`%timeit: -${name} must be at least 1, got ${digits}`)
  return Number(digits)
}
