// The loop of a peer in Node: answers requests, one JSON object a line (README.md). Said first: the versions.
import { createInterface } from 'node:readline'
import { answerer } from './answer.mjs'

export { NotHere } from './answer.mjs'

/** `prepare`, or a function that answers by itself. */
export async function serve(versions, prepare, answer = answerer(prepare)) {
  console.log = console.info = console.error // the libraries' own words; standard output is ours
  const say = (reply) => process.stdout.write(`${JSON.stringify(reply)}\n`)

  say({ versions })
  for await (const line of createInterface({ input: process.stdin }))
    say(await answer(JSON.parse(line)))
  process.exit(0)
}
