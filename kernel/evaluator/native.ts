import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { markStart } from './protocol.js'

interface NativeSinks {
  text(text: string): void
  mark(mark: number): void
}

/** Output that bypasses JavaScript (addons, child processes): the text of fd 1 or 2, and the evaluator's marks in it. */
export function readNative(stream: Readable, token: string, sinks: NativeSinks): void {
  const decoder = new StringDecoder('utf8')
  const start = markStart(token)
  const mark = new RegExp(`${start}(\\d+);`)
  /** What follows may still become a mark. */
  const begun = new RegExp(`^${start}\\d*$`)
  let held = ''
  const say = (text: string) => {
    if (text !== '') sinks.text(text)
  }
  stream.on('data', (chunk: Buffer) => {
    held += decoder.write(chunk)
    for (let found = mark.exec(held); found; found = mark.exec(held)) {
      say(held.slice(0, found.index))
      sinks.mark(Number(found[1]))
      held = held.slice(found.index + found[0].length)
    }
    const nul = held.lastIndexOf('\u0000')
    const rest = nul < 0 ? '' : held.slice(nul)
    const keep = rest !== '' && (start.startsWith(rest) || begun.test(rest)) ? nul : held.length
    say(held.slice(0, keep))
    held = held.slice(keep)
  })
  stream.on('end', () => say(held))
}
