import fs from 'node:fs'
import { nativeSeen } from './native-watch.js'
import { type EvaluatorEvent, nativeMark, type SentEvent } from './protocol.js'

/** Node's own, also when `native-watch.ts` has put another in its place. */
const { writeSync } = fs
const token = process.argv[2] ?? ''

const wait = new Int32Array(new SharedArrayBuffer(4))

/** Writes all of `text` to a pipe, also when the pipe is non-blocking and full. Nobody reads: nothing left to do here. */
export function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EAGAIN') Atomics.wait(wait, 0, 0, 1)
      else if (code === 'EPIPE') process.kill(process.pid, 'SIGKILL')
      else throw error
    }
  }
}

let marks = 0

/** A mark that ends what was written natively so far. */
function mark(): number {
  marks += 1
  for (const fd of [1, 2]) {
    try {
      writeAll(fd, nativeMark(token, marks))
    } catch {
      // A cell closed it; the reader has its patience.
    }
  }
  return marks
}

/** Sends an event to the protocol process: synchronous, so it arrives in order and even from a loop that never ends. */
export function emit(event: EvaluatorEvent, { last = false } = {}): void {
  const sent: SentEvent = last || nativeSeen() ? { ...event, after: mark() } : event
  writeAll(5, `${JSON.stringify(sent)}\n`)
}
