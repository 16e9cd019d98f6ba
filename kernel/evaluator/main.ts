import { Socket } from 'node:net'
import { setImmediate } from 'node:timers'
import { Worker } from 'node:worker_threads'
import { noInspector } from '../no-inspector.js'
import { currentCell, leaveCell } from './cell.js'
import { handleComm } from './comms.js'
import { connectDebugger } from './evaluate.js'
import { failure, Interrupted } from './failure.js'
import { installGlobals } from './globals.js'
import { connectInput } from './input.js'
import { completeAt, inspectAt } from './introspect.js'
import { readLines } from './lines.js'
import { nativeSettled, watchNative } from './native-watch.js'
import { emit } from './output.js'
import type { Answer, CommRequest, EvaluatorRequest } from './protocol.js'
import { giveUp, keepValue, runCell } from './run.js'
import { allocate, seenMark, share, slot } from './shared.js'
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
process.on('exit', () => {
  Atomics.store(shared.state, slot.seen, 0)
  control.postMessage('leave')
  Atomics.wait(shared.state, slot.seen, 0, 200)
})
control.on('error', (error) => late(error))
control.on('message', (target: number) => {
  Atomics.store(shared.state, slot.seen, seenMark(target))
  Atomics.notify(shared.state, slot.seen)
  if (target !== 0 && target === running) {
    giveUp()
    // A termination can end our own code just before it answers; nobody else would.
    setImmediate(() => finish(target, interruptedAnswer()))
  }
  if (target > newest && running === 0) {
    begin(target)
    finish(target, interruptedAnswer())
  }
  emit({ type: 'interrupted', id: target })
})

let running = 0
/**
 * The newest request that began. An interrupt can be here before its request, since they come on two pipes; or a termination
 * ended us while we read the request, which is lost then. Either way the interrupt answers it.
 */
let newest = 0

function begin(id: number): void {
  running = id
  newest = Math.max(newest, id)
  Atomics.store(shared.state, slot.running, id)
}

/** Answers a request, once. */
function finish(id: number, answer: Answer): void {
  if (running !== id) return
  // Everything native that the cell wrote is in the pipes before this.
  emit({ type: 'done', id, answer }, { last: answer.type === 'run' })
  nativeSettled()
  begin(0)
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
watchNative()
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
  }
}

readLines(new Socket({ fd: 3, readable: true, writable: false }), async (value) => {
  const request = value as EvaluatorRequest
  if (request.type === 'comm') {
    handleComm(request)
    return
  }
  if (request.id <= newest) return
  begin(request.id)
  finish(request.id, await handle(request))
})
emit({ type: 'ready' })
