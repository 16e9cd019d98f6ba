import type { MimeBundle } from '../../src/host/types.js'
import { stoppedBefore } from '../evaluator/endings.js'
import type { ExpressionValue, Failure } from '../evaluator/protocol.js'
import { notRun, ownNames, unknownNames } from '../language/not-run.js'
import { describe } from './inspect.js'
import { readCell } from './magics/parse.js'
import { runSteps } from './run-steps.js'
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
    const cell = readCell(code)
    const { interruptions } = context.evaluator
    const refused = cell.error ?? (await typeErrors(cell, { source: code, count }, context))
    const stopped = context.evaluator.interruptions > interruptions
    // Of a cell whose magics are wrong nothing else was read.
    const own = cell.error ? code : cell.code
    const error = stopped ? stoppedBefore : refused && (await told(refused, own, count, context))
    const result = error
      ? { error, expressions: {} }
      : await runSteps(cell, content, count, stored ? remembering(context, count) : context)
    if (!result.error) {
      const { expressions, payload = [] } = result
      return { status: 'ok', ...extras, user_expressions: expressions, payload }
    }
    if (!silent) context.publish('error', { ...result.error })
    return { status: 'error', ...result.error, ...extras }
  },
}

/** A refused cell's failure, with what its names still are. The evaluator remembers them for `check`. */
async function told(
  failure: Failure,
  code: string,
  count: number,
  { evaluator }: Context,
): Promise<Failure> {
  const names = ownNames(code)
  const unknown = unknownNames(failure)
  if (names.size + unknown.length === 0) return notRun(failure, names)
  const request = { names: [...names.keys()], unknown, count }
  return notRun(failure, names, await evaluator.ask({ type: 'refused', ...request }))
}

/** The same context, for a cell whose result goes to the history. */
function remembering(context: Context, count: number): Context {
  const result = ({ 'text/plain': text }: MimeBundle) => {
    if (typeof text === 'string') context.history.result(count, text)
  }
  return { ...context, adopt: (id, options) => context.adopt(id, { ...options, result }) }
}

/** `?name`, `name?` and `??name`, as in IPython: a question to the pager, not code. */
export function asked(code: string): string | undefined {
  const found = /^\s*(?:\?{1,2}\s*([\w$.]+)|([\w$.]+)\s*\?{1,2})\s*$/.exec(code)
  return found?.[1] ?? found?.[2]
}
