// The loop of a peer in Node: answers requests, one JSON object a line (README.md). `prepare` makes of a request its step,
// what reads the first numbers, and what frees it, or throws NotHere with the reason. Said first: the versions.
import { createInterface } from 'node:readline'

export class NotHere extends Error {}

export async function serve(versions, prepare) {
  const ready = new Map()
  console.log = console.info = console.error // the libraries' own words; standard output is ours
  const say = (reply) => process.stdout.write(`${JSON.stringify(reply)}\n`)

  async function answer({ ms, check, forget, ...what }) {
    if (forget) {
      for (const { free } of ready.values()) free?.()
      ready.clear()
      return {}
    }
    if (check) {
      const { step, values, free } = await prepare(what)
      for (let k = 0; k < check; k++) await step()
      const found = Array.from(await values()).slice(0, 8)
      free?.()
      return { values: found }
    }
    const key = JSON.stringify(what)
    if (!ready.has(key)) ready.set(key, await prepare(what))
    const { step } = ready.get(key)
    return ms ? { ms: await measure(step, ms) } : await step()
  }

  say({ versions })
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      say(await answer(JSON.parse(line)))
    } catch (error) {
      if (!(error instanceof NotHere)) throw error
      say({ none: error.message })
    }
  }
  process.exit(0)
}

/** Milliseconds a step, over steps that fill `ms`. The clock is read after 1, 2, 4, … steps, so that it costs nothing. */
async function measure(step, ms) {
  let steps = 0
  let block = 1
  const start = performance.now()
  for (;;) {
    for (let k = 0; k < block; k++) {
      const done = step()
      if (done?.then) await done
    }
    steps += block
    const passed = performance.now() - start
    if (passed >= ms) return passed / steps
    if (passed < ms / 16) block *= 2
  }
}
