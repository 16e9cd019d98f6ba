import fs from 'node:fs'
import type { MimeBundle } from '../../src/host/types.js'
import { nativeSeen } from './native-watch.js'
import { type EvaluatorEvent, nativeMark } from './protocol.js'

/** Node's own, also when `native-watch.ts` has put another in its place. */
const { writeSync } = fs
const token = process.argv[2] ?? ''

/** Characters of a text that Node copies to its stack. */
const short = 300

const wait = new Int32Array(new SharedArrayBuffer(4))

/** Writes all of `text` to a pipe, also when the pipe is non-blocking and full. Nobody reads: nothing left to do here. */
export function writeAll(fd: number, text: string): void {
  // Most texts are a line, which is written in one go; a Buffer of it would cost as much again.
  const length = Buffer.byteLength(text)
  let bytes = text.length > short ? Buffer.from(text) : undefined
  for (let at = 0; at < length; ) {
    try {
      if (at > 0) bytes ??= Buffer.from(text)
      at += bytes ? writeSync(fd, bytes, at) : writeSync(fd, text)
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
export function emit(event: EvaluatorEvent<MimeBundle>, { last = false } = {}): void {
  const after = last || nativeSeen() ? mark() : undefined
  const line = (value: object) => `${JSON.stringify(value)}\n`
  if (event.type !== 'display') {
    writeAll(5, line(after ? { ...event, after } : event))
    return
  }
  const { data, ...head } = event
  // In one piece, or an interrupt could part the two lines.
  writeAll(5, line({ ...head, after }) + line(data ?? {}))
}
