import { type Runtime, Session } from 'node:inspector'
import { setImmediate } from 'node:timers'
import { Interrupted } from './failure.js'
import { type Shared, slot } from './shared.js'

/** The inspector on our own thread: V8's REPL mode has no other door. */
let session = connect()
// Without this, Node says "Waiting for the debugger to disconnect..." on the way out.
process.on('exit', () => session.disconnect())

function connect(): Session {
  const session = new Session()
  session.connect()
  return session
}

const abandoned = new Set<Session>()

/**
 * Forgets evaluations that will never answer, because they were interrupted. V8 would report "Promise was collected" when
 * their promises become garbage; Node 24 then calls JavaScript from within the collection and aborts ("Invoke in
 * DisallowJavascriptExecutionScope"). A session that is gone gets no reports.
 */
export function abandonEvaluations(): void {
  // In this order: a termination can end this code anywhere, and what comes next needs a session that is connected.
  abandoned.add(session)
  session = connect()
  for (const old of abandoned) {
    old.disconnect()
    abandoned.delete(old)
  }
}

/** An exception that left a cell, as the value that was thrown. */
export class CellThrew {
  readonly thrown: unknown

  constructor(thrown: unknown) {
    this.thrown = thrown
  }
}

const group = 'cell'

let isDebugged = () => false

export function connectDebugger({ state }: Shared): void {
  isDebugged = () => Atomics.load(state, slot.debugged) === 1
}

/** Runs JavaScript as one more entry of V8's REPL: its top-level names live on, `await` works, names may come again. */
export function evaluate(js: string, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const start = () => {
      session.post(
        'Runtime.evaluate',
        {
          expression: `${js}\n//# sourceURL=${name}`,
          replMode: true,
          // V8 does not stop at what a silent evaluation throws.
          silent: !isDebugged(),
          objectGroup: group,
        },
        (error: Error | null, answer?: object) => {
          const { exceptionDetails } = (answer ?? {}) as Partial<Runtime.EvaluateReturnType>
          // "Execution was terminated" (Node 20) or "Internal error" (24).
          if (error) reject(new CellThrew(new Interrupted()))
          else if (exceptionDetails) reject(new CellThrew(remoteValue(exceptionDetails.exception)))
          else resolve()
        },
      )
    }
    // V8 calls an exception caught when a caller on the stack would catch it, as ours does.
    if (isDebugged()) setImmediate(start)
    else start()
  })
}

const caller = Symbol.for('downhill.call')

/**
 * Calls learner's code that is no cell; false if an interrupt ended it. Called directly, termination would unwind our own
 * frames too.
 */
export function callOut(work: () => void): boolean {
  Object.defineProperty(globalThis, caller, { value: work, configurable: true })
  const expression = `globalThis[Symbol.for('${caller.description}')]()`
  let ended = false
  session.post('Runtime.evaluate', { expression, silent: true }, (error: Error | null) => {
    ended = error === null
  })
  return ended
}

/** Names that cells declared, in no order of note; V8 tells one again that was declared again. */
export function declaredNames(): string[] {
  let names: string[] = []
  session.post('Runtime.globalLexicalScopeNames', {}, (_error, answer) => {
    names = [...new Set(answer?.names)]
  })
  return names
}

export const unknown = Symbol('unknown')

/** The value of an expression, if it can be had without any effect (no getter with a consequence, no call), else `unknown`. */
export function peek(expression: string): unknown {
  let value: unknown = unknown
  session.post(
    'Runtime.evaluate',
    { expression, silent: true, throwOnSideEffect: true, objectGroup: group },
    (error: Error | null, answer?: object) => {
      const { exceptionDetails, result } = (answer ?? {}) as Partial<Runtime.EvaluateReturnType>
      if (!error && !exceptionDetails) value = remoteValue(result)
    },
  )
  return value
}

let held: unknown
const holder = Symbol.for('downhill.held')
const hold = (value: unknown): void => {
  held = value
}

/** The inspector only describes a value; a function called on its handle receives the value itself. */
function remoteValue(remote: Runtime.RemoteObject | undefined): unknown {
  if (!remote) return undefined
  const { objectId, unserializableValue, value } = remote
  if (objectId === undefined) {
    if (unserializableValue === undefined) return value
    return unserializableValue.endsWith('n')
      ? BigInt(unserializableValue.slice(0, -1))
      : Number(unserializableValue)
  }
  Object.defineProperty(globalThis, holder, { value: hold, configurable: true })
  session.post('Runtime.callFunctionOn', {
    objectId,
    functionDeclaration: `function (value) { globalThis[Symbol.for('${holder.description}')](value) }`,
    arguments: [{ objectId }],
    silent: true,
  })
  session.post('Runtime.releaseObjectGroup', { objectGroup: group })
  const result = held
  held = undefined
  return result
}
