import type { ExpressionValue, Failure } from '../evaluator/protocol.js'
import { EvaluatorDied, lostState } from '../evaluator/supervisor.js'
import { describe } from './inspect.js'
import { typeErrors } from './type-errors.js'
import type { Context, ErrorContent, Handler } from './types.js'

export interface ExecuteRequest {
  code: string
  silent?: boolean
  store_history?: boolean
  user_expressions?: Record<string, string>
  allow_stdin?: boolean
  stop_on_error?: boolean
}

interface Extras {
  execution_count: number
  user_expressions: Record<string, ExpressionValue>
  payload: object[]
}

export type ExecuteReply = ({ status: 'ok' } | ErrorContent) & Extras

/** Runs a cell. Spec: messaging.html#execute */
export const execute: Handler<ExecuteRequest, ExecuteReply> = {
  request: 'execute_request',
  reply: 'execute_reply',
  async handle(content, context) {
    const { code, silent = false, store_history = true } = content
    const stored = store_history && !silent && code.trim() !== ''
    const count = stored ? ++context.count.value : context.count.value
    if (!silent) context.publish('execute_input', { code, execution_count: count })
    if (stored) context.history.add(count, code)
    const extras: Extras = { execution_count: count, user_expressions: {}, payload: [] }
    const name = asked(code)
    if (name) {
      const data = await describe(context, name, name.length, code.includes('??') ? 1 : 0)
      const page = data ?? { 'text/plain': `${name} is not known here.` }
      return { status: 'ok', ...extras, payload: [{ source: 'page', data: page, start: 0 }] }
    }
    const { interruptions } = context.evaluator
    const refused = await typeErrors(code, count, context)
    const stopped = context.evaluator.interruptions > interruptions
    const error = stopped ? interrupted : refused
    const result = error ? { error, expressions: {} } : await run(content, count, context)
    if (!result.error) {
      return { status: 'ok', ...extras, user_expressions: result.expressions }
    }
    if (!silent) context.publish('error', { ...result.error })
    return { status: 'error', ...result.error, ...extras }
  },
}

const interrupted: Failure = {
  ename: 'Interrupted',
  evalue: 'the cell was stopped by an interrupt before it ran',
  traceback: ['Interrupted: the cell was stopped by an interrupt before it ran'],
}

async function run(
  { code, silent = false, user_expressions = {}, allow_stdin = false }: ExecuteRequest,
  count: number,
  { evaluator, language, adopt, afterwards }: Context,
): Promise<{ error?: Failure; expressions: Record<string, ExpressionValue> }> {
  try {
    const result = await evaluator.run(
      { code, count, expressions: user_expressions, allowInput: allow_stdin },
      (id) => adopt(id, { silent, count }),
    )
    // Also after a throw: what was declared before it is there. Nobody need wait for it.
    afterwards(() => language?.commit(code))
    return result
  } catch (error) {
    if (!(error instanceof EvaluatorDied)) throw error
    language?.reset()
    return { error: lostState(error.message), expressions: {} }
  }
}

/** `?name`, `name?` and `??name`, as in IPython: a question to the pager, not code. */
export function asked(code: string): string | undefined {
  const found = /^\s*(?:\?{1,2}\s*([\w$.]+)|([\w$.]+)\s*\?{1,2})\s*$/.exec(code)
  return found?.[1] ?? found?.[2]
}
