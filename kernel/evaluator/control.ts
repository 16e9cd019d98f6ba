import { type InspectorNotification, Session } from 'node:inspector'
import { Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { descendants, sendSignal } from './descendants.js'
import { readLines } from './lines.js'
import type { ControlRequest, DebugCall } from './protocol.js'
import { inputState, type Notice, type Order, share, slot, type WorkerInput } from './shared.js'

/**
 * The evaluator's second thread: it listens on fd 4 while the main thread runs a learner's endless loop.
 * An interrupt is first a message to the main thread; while that does not answer it is running, and is terminated.
 */
const { state, text } = share((workerData as WorkerInput).shared)

/** Milliseconds: long enough for an idle main thread to answer, short enough not to be felt. */
const answerTime = 2
/** Then it was terminated. One that gets no processor must not be terminated again before it could answer. */
const nextTime = 100
/** After so many rounds a child that the main thread waits for has had its time to clean up. */
const lastRound = 10

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

function interrupt(id: number): void {
  Atomics.store(state, slot.input, inputState.interrupted)
  Atomics.notify(state, slot.input)
  press(id)
}

/**
 * Until the main thread says that it is done with interrupt `id`. Once is not enough: a termination can hit our own code in
 * the middle of its answer, and what the cell awaited may come just then, so that it runs on.
 */
function press(id: number, round = 0): void {
  ask(id)
  setTimeout(
    () => {
      if (Atomics.load(state, slot.told) >= id) return
      terminate(id)
      if (round === 0) stopChild('SIGINT')
      if (round === lastRound) stopChild('SIGKILL')
      press(id, round + 1)
    },
    round === 0 ? answerTime : nextTime,
  )
}

/** The children that the main thread had when it began to wait for another; unless it does. */
let besides: number[] | undefined

/** Nothing terminates a thread that waits in the system for a child (`execSync`): so the child is asked to end. */
function stopChild(signal: NodeJS.Signals): void {
  if (besides) sendSignal(descendants(process.pid, besides), signal)
}

/** What the cells still do when their awaits end comes between the two; a loop there must not pass for the end. */
function ask(id: number): void {
  parentPort?.postMessage({ id, settle: false } satisfies Order)
  parentPort?.postMessage({ id, settle: true } satisfies Order)
}

function terminate(id: number): void {
  if (Atomics.load(state, slot.terminating) === 1) return
  Atomics.store(state, slot.terminating, 1)
  // The main thread writes the one word and then looks at the other, as we do: one of us sees that the other was first.
  if (Atomics.load(state, slot.settled) >= id) {
    Atomics.store(state, slot.terminating, 0)
    return
  }
  connect().post('Runtime.terminateExecution', () => {
    besides = undefined
    Atomics.store(state, slot.terminating, 0)
    ask(id)
  })
  if (paused) connect().post('Debugger.resume')
  // A termination that meets an idle thread waits for the next code.
  ask(id)
}

function answer(value: string): void {
  const bytes = Buffer.from(value).subarray(0, text.length)
  text.set(bytes)
  Atomics.store(state, slot.length, bytes.length)
  Atomics.store(state, slot.input, inputState.answered)
  Atomics.notify(state, slot.input)
}

parentPort?.on('message', (notice: Notice) => {
  besides = notice.type === 'waits' ? notice.besides : undefined
  if (notice.type !== 'leaves') return
  session?.disconnect()
  Atomics.store(state, slot.left, 1)
  Atomics.notify(state, slot.left)
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
