import { type Runtime, Session } from 'node:inspector'
import { Interrupted } from './failure.js'

/** The inspector on our own thread: V8's REPL mode has no other door. */
const session = new Session()
session.connect()
// Without this, Node says "Waiting for the debugger to disconnect..." on the way out.
process.on('exit', () => session.disconnect())

/** An exception that left a cell, as the value that was thrown. */
export class CellThrew {
  readonly thrown: unknown

  constructor(thrown: unknown) {
    this.thrown = thrown
  }
}

const group = 'cell'

/** Runs JavaScript as one more entry of V8's REPL: its top-level names live on, `await` works, names may come again. */
export function evaluate(js: string, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    session.post(
      'Runtime.evaluate',
      {
        expression: `${js}\n//# sourceURL=${name}`,
        replMode: true,
        silent: true,
        objectGroup: group,
      },
      (error: Error | null, answer?: object) => {
        const { exceptionDetails } = (answer ?? {}) as Partial<Runtime.EvaluateReturnType>
        // "Execution was terminated" (Node 20) or "Internal error" (24).
        if (error) reject(new CellThrew(new Interrupted()))
        else if (exceptionDetails) reject(new CellThrew(thrownValue(exceptionDetails.exception)))
        else resolve()
      },
    )
  })
}

let caught: unknown

/** The inspector only describes the exception; a function called on its handle receives the value itself. */
function thrownValue(exception: Runtime.RemoteObject | undefined): unknown {
  if (!exception) return undefined
  const { objectId, unserializableValue, type, value } = exception
  if (objectId === undefined) {
    if (unserializableValue === undefined) return type === 'undefined' ? undefined : value
    return unserializableValue.endsWith('n')
      ? BigInt(unserializableValue.slice(0, -1))
      : Number(unserializableValue)
  }
  Object.defineProperty(globalThis, catcher, { value: keep, configurable: true })
  session.post('Runtime.callFunctionOn', {
    objectId,
    functionDeclaration: `function (thrown) { globalThis[Symbol.for('${catcher.description}')](thrown) }`,
    arguments: [{ objectId }],
    silent: true,
  })
  session.post('Runtime.releaseObjectGroup', { objectGroup: group })
  const result = caught
  caught = undefined
  return result
}

const catcher = Symbol.for('downhill.caught')
const keep = (thrown: unknown): void => {
  caught = thrown
}
