import type { Runtime } from 'node:inspector'
import { isHidden } from '../evaluator/own-names.js'
import { withoutTypes } from './cells.js'
import type { Command, Session } from './session.js'
import { frameIn } from './stack.js'
import { group, type Variable } from './variables.js'

/** Milliseconds after which V8 gives up an expression that was typed into the debugger. */
const limit = 5000

/** The value of an expression: in a frame while paused, else among the variables of the cells. */
async function evaluated(
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

/** The variables of the cells. One that has no value yet (its cell threw before) is left out. */
async function cellVariables(session: Session): Promise<Variable[]> {
  const { names } = await session.inspector.call<Runtime.GlobalLexicalScopeNamesReturnType>(
    'Runtime.globalLexicalScopeNames',
  )
  const found = await Promise.allSettled(
    [...new Set(names)]
      .filter((name) => !isHidden(name))
      .sort()
      .map(async (name) =>
        session.variables.describe(name, await evaluated(name, session, { pure: true })),
      ),
  )
  return found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}

export const valueCommands: Record<string, Command> = {
  variables: async ({ variablesReference }, { variables }) => ({
    variables: await variables.open(Number(variablesReference)),
  }),

  inspectVariables: async (_args, session) => ({ variables: await cellVariables(session) }),

  async richInspectVariables({ variableName, frameId }, session) {
    const name = String(variableName)
    const { value } = session.variables.describe(name, await evaluated(name, session, { frameId }))
    return { data: { 'text/plain': value }, metadata: {} }
  },

  async evaluate({ expression, frameId }, session) {
    const result = await evaluated(await withoutTypes(String(expression)), session, { frameId })
    const { value, variablesReference } = session.variables.describe('', result)
    return { result: value, type: result.type, variablesReference }
  },

  setVariable: () => {
    // V8 accepts it, and the code goes on with the old value (optimized frames).
    throw new Error(
      'debugger: variables cannot be set here; assign in the evaluate field: name = value',
    )
  },

  copyToGlobals: () => {
    throw new Error(
      'debugger: copying to globals is not supported; evaluate globalThis.name = value',
    )
  },
}
