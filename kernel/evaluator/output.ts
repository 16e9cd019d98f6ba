import { writeSync } from 'node:fs'
import type { EvaluatorEvent } from './protocol.js'

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

/** Sends an event to the protocol process: synchronous, so it arrives in order and even from a loop that never ends. */
export function emit(event: EvaluatorEvent): void {
  writeAll(5, `${JSON.stringify(event)}\n`)
}
