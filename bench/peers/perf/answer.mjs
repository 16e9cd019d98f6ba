// What answers the requests of a benchmark, wherever it runs: one JSON object a request (README.md). `prepare` makes of a request its
// step, what reads the first numbers, what waits for a device, and what frees it, or throws NotHere with the reason.

export class NotHere extends Error {}

/** A function from requests to answers. */
export function answerer(prepare) {
  const ready = new Map()

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
    const { step, finish } = ready.get(key)
    if (!ms) return await step()
    return { ms: finish ? await measureQueued(step, finish, ms) : await measure(step, ms) }
  }

  return async (request) => {
    try {
      return await answer(request)
    } catch (error) {
      if (!(error instanceof NotHere)) throw error
      return { none: error.message }
    }
  }
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

/**
 * The same where a step only asks a device for work: as many steps as fill the time, then `finish`, which waits until all are done. Its own cost is counted, as a
 * share of the time.
 */
async function measureQueued(step, finish, ms) {
  await finish()
  for (let steps = 1; ; steps *= 2) {
    const start = performance.now()
    for (let k = 0; k < steps; k++) {
      const done = step()
      if (done?.then) await done
    }
    await finish()
    const passed = performance.now() - start
    if (passed >= ms) return passed / steps
  }
}
