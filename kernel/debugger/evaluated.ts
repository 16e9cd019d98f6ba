import type { Runtime } from 'node:inspector'
import { frameIn, type Session } from './session.js'
import { group } from './variables.js'

/** Milliseconds after which V8 gives up an expression that was typed into the debugger. */
const limit = 5000

/** The value of an expression: in a frame while paused, else among the variables of the cells. */
export async function evaluated(
  expression: string,
  session: Session,
  { frameId, pure = false }: { frameId?: unknown; pure?: boolean } = {},
): Promise<Runtime.RemoteObject> {
  const paused = session.paused?.length ? frameIn(frameId ?? 1, session) : undefined
  const options = {
    expression,
    objectGroup: group,
    generatePreview: true,
    silent: true,
    throwOnSideEffect: pure,
    timeout: limit,
  }
  const { result, exceptionDetails } = await (paused
    ? session.inspector.call<Runtime.EvaluateReturnType>('Debugger.evaluateOnCallFrame', {
        ...options,
        callFrameId: paused.frame.callFrameId,
      })
    : session.inspector.call<Runtime.EvaluateReturnType>('Runtime.evaluate', {
        ...options,
        replMode: true,
      }))
  if (!exceptionDetails) return result
  const { exception, text } = exceptionDetails
  throw new Error(exception?.description?.split('\n')[0] ?? String(exception?.value ?? text))
}
