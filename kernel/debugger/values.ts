import type { Runtime } from 'node:inspector'
import { isHidden } from '../evaluator/own-names.js'
import { withoutTypes } from './cells.js'
import { evaluated } from './evaluated.js'
import type { Command, Session } from './session.js'
import type { Variable } from './variables.js'

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

  async evaluate({ expression, frameId, context }, session) {
    const code = await withoutTypes(String(expression))
    session.touched = true
    try {
      const result = await evaluated(code, session, { frameId })
      const { value, variablesReference } = session.variables.describe('', result)
      return { result: value, type: result.type, variablesReference }
    } catch (error) {
      // What a console asks is answered: of a refusal JupyterLab would only say that there was an error.
      if (context !== 'repl') throw error
      return { result: (error as Error).message, type: 'error', variablesReference: 0 }
    }
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
