import { Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { noInspector } from '../no-inspector.js'
import { currentCell, leaveCell } from './cell.js'
import { commHandled, handleComm } from './comms.js'
import { connectDebugger } from './evaluate.js'
import { failure, Interrupted } from './failure.js'
import { installGlobals } from './globals.js'
import { connectInput } from './input.js'
import { completeAt, inspectAt } from './introspect.js'
import { readLines } from './lines.js'
import { nativeSettled, watchNative } from './native-watch.js'
import { emit } from './output.js'
import type { Answer, CommRequest, EvaluatorRequest } from './protocol.js'
import { awaited, refuse } from './refused.js'
import { cleanUp, forget, giveUp, keepValue, runCell } from './run.js'
import { allocate, type Notice, type Order, share, slot } from './shared.js'
import { installStacks } from './stack.js'
import { installStreams } from './streams.js'
import { installTimers } from './timers.js'

/** The process in which cells run. It speaks through pipes only: fd 3 requests, fd 4 control, fd 5 events. */
process.argv.length = 1 // the token is for output.ts alone

const memory = allocate()
const shared = share(memory)
const control = new Worker(new URL('./control.js', import.meta.url), {
  workerData: { shared: memory },
  stdout: false,
  stderr: false,
})
control.unref()
/** A session that is open when the process ends makes Node say "Waiting for the debugger to disconnect..." on stderr. */
const say = (notice: Notice) => control.postMessage(notice)
process.on('exit', () => {
  say({ type: 'leaves' })
  Atomics.wait(shared.state, slot.left, 0, 200)
})
control.on('error', (error) => late(error))
control.on('message', (order: Order) => {
  interrupted = Math.max(interrupted, order.id)
  if (order.settle) {
    // A termination ended the order before this half-way: what was not given up would run on, behind its answer.
    if (gaveUp >= order.id) settle(order.id)
    return
  }
  giveUp(order.id)
  gaveUp = Math.max(gaveUp, order.id)
})

const running = new Set<number>()
/** The newest interrupt. It ends every request before it: those that run, and those that are still to be read. */
let interrupted = 0
/** The newest interrupt after which all that ran before it was given up. */
let gaveUp = 0

/** Answers a request, once. */
function finish(id: number, answer: Answer): void {
  if (!running.has(id)) return
  // Everything native that the cell wrote is in the pipes before this.
  emit({ type: 'done', id, answer }, { last: answer.type === 'run' })
  nativeSettled()
  running.delete(id)
}

/** Interrupt `id` has done its work when nothing before it runs, and no termination can hit what comes after it. */
function settle(id: number): void {
  // A termination can end our own code just before it answers; nobody else would.
  commHandled()
  for (const request of running) {
    if (request > id) continue
    finish(request, interruptedAnswer())
    forget(request)
  }
  const { state } = shared
  if (Atomics.load(state, slot.settled) < id) Atomics.store(state, slot.settled, id)
  // Its end brings the next order.
  if (Atomics.load(state, slot.terminating) === 1 || Atomics.load(state, slot.told) >= id) return
  cleanUp()
  // With a mark: a termination may have ended an event between its mark and itself.
  emit({ type: 'interrupted', id }, { last: true })
  Atomics.store(state, slot.told, id)
}

const interruptedAnswer = (): Answer => ({
  type: 'run',
  error: failure(new Interrupted()),
  expressions: {},
})

noInspector()
installStreams()
installStacks()
installTimers()
watchNative({
  waits: (besides) => say({ type: 'waits', besides }),
  goesOn: () => say({ type: 'goes on' }),
})
connectInput(shared)
connectDebugger(shared)
installGlobals(keepValue)

/** What nobody awaited must be seen, and must not end the process: the learner's variables live here. */
function late(error: unknown): void {
  const cell = currentCell()
  leaveCell()
  if (!(error instanceof Interrupted)) emit({ type: 'late', cell, error: failure(error) })
}
process.on('uncaughtException', late)
process.on('unhandledRejection', late)

async function handle(request: Exclude<EvaluatorRequest, CommRequest>): Promise<Answer> {
  switch (request.type) {
    case 'run':
      return runCell(request)
    case 'inspect':
      return { type: 'inspect', ...inspectAt(request) }
    case 'complete':
      return { type: 'complete', ...completeAt(request) }
    case 'refused':
      return {
        type: 'refused',
        awaited: awaited(request.unknown),
        kept: refuse(request.names, request.count),
      }
  }
}

readLines(new Socket({ fd: 3, readable: true, writable: false }), async (value) => {
  const request = value as EvaluatorRequest
  if (request.type === 'comm') {
    handleComm(request)
    return
  }
  if (request.id < interrupted) return
  running.add(request.id)
  finish(request.id, await handle(request))
})
emit({ type: 'ready' })
