import { type InspectorNotification, Session } from 'node:inspector'
import { Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { readLines } from './lines.js'
import type { ControlRequest, DebugCall } from './protocol.js'
import { inputState, seenMark, share, slot, type WorkerInput } from './shared.js'

/**
 * The evaluator's second thread: it listens on fd 4 while the main thread runs a learner's endless loop.
 * An interrupt is first a message to the main thread; if that does not answer, it is running, and is terminated.
 */
const { state, text } = share((workerData as WorkerInput).shared)

/** Long enough for an idle main thread to answer, short enough not to be felt. */
const answerTime = 3

let session: Session | undefined
let paused = false

function connect(): Session {
  if (session) return session
  session = new Session()
  session.connectToMainThread()
  session.on('inspectorNotification', ({ method, params }: InspectorNotification<object>) => {
    if (method === 'Debugger.paused') paused = true
    else if (method === 'Debugger.resumed') paused = false
    tell({ method, params })
  })
  return session
}

function debug({ id, method, params }: DebugCall): void {
  if (method === 'Debugger.enable') Atomics.store(state, slot.debugged, 1)
  if (method === 'Debugger.disable') Atomics.store(state, slot.debugged, 0)
  connect().post(method, params, (error: Error | null, result?: object) =>
    tell(error ? { id, error: { message: error.message } } : { id, result }),
  )
}

/** Not on fd 5: there the main thread writes, and lines of two threads would mix. */
function tell(message: object): void {
  pipe.write(`${JSON.stringify(message)}\n`)
}

/** Whether the main thread answers in time; a late answer to an earlier interrupt is none. */
function answered(id: number): boolean {
  for (let seen = 0; seen !== seenMark(id); seen = Atomics.load(state, slot.seen))
    if (Atomics.wait(state, slot.seen, seen, answerTime) === 'timed-out') return false
  return true
}

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
  if (answered(id)) return
  // Asked again, since the termination may have hit the main thread in the middle of its answer.
  connect().post('Runtime.terminateExecution', ask)
  if (paused) connect().post('Debugger.resume')
}

function answer(value: string): void {
  const bytes = Buffer.from(value).subarray(0, text.length)
  text.set(bytes)
  Atomics.store(state, slot.length, bytes.length)
  Atomics.store(state, slot.input, inputState.answered)
  Atomics.notify(state, slot.input)
}

// The main thread is ending.
parentPort?.on('message', () => {
  session?.disconnect()
  Atomics.store(state, slot.seen, 1)
  Atomics.notify(state, slot.seen)
})

const pipe = new Socket({ fd: 4, readable: true, writable: true })
readLines(pipe, (value) => {
  const request = value as ControlRequest
  if (request.type === 'interrupt') interrupt(request.id)
  else if (request.type === 'debug') debug(request.message)
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
