import { Session } from 'node:inspector'
import { Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { readLines } from './lines.js'
import type { ControlRequest } from './protocol.js'
import { inputState, share, slot, type WorkerInput } from './shared.js'

/**
 * The evaluator's second thread: it listens on fd 4 while the main thread runs a learner's endless loop.
 * An interrupt is first a message to the main thread; if that does not answer, it is running, and is terminated.
 */
const { state, text } = share((workerData as WorkerInput).shared)

/** Long enough for an idle main thread to answer, short enough not to be felt. */
const answerTime = 3

let session: Session | undefined

function interrupt(id: number): void {
  const running = Atomics.load(state, slot.running)
  const ask = () => parentPort?.postMessage(id)
  // What it was meant for has ended, and the next one runs.
  if (id !== 0 && running !== 0 && running !== id) {
    ask()
    return
  }
  Atomics.store(state, slot.seen, 0)
  Atomics.store(state, slot.input, inputState.interrupted)
  Atomics.notify(state, slot.input)
  ask()
  if (Atomics.wait(state, slot.seen, 0, answerTime) !== 'timed-out') return
  if (!session) {
    session = new Session()
    session.connectToMainThread()
  }
  // Asked again, since the termination may have hit the main thread in the middle of its answer.
  session.post('Runtime.terminateExecution', ask)
}

function answer(value: string): void {
  const bytes = Buffer.from(value).subarray(0, text.length)
  text.set(bytes)
  Atomics.store(state, slot.length, bytes.length)
  Atomics.store(state, slot.input, inputState.answered)
  Atomics.notify(state, slot.input)
}

const pipe = new Socket({ fd: 4, readable: true, writable: false })
readLines(pipe, (value) => {
  const request = value as ControlRequest
  if (request.type === 'interrupt') interrupt(request.id)
  else answer(request.value)
})
// The protocol process is gone: nothing of ours may outlive it, whatever the main thread is doing.
pipe.on('error', () => {})
pipe.on('close', () => {
  const group = process.platform === 'win32' ? process.pid : -process.pid
  try {
    process.kill(group, 'SIGKILL')
  } finally {
    process.kill(process.pid, 'SIGKILL')
  }
})
