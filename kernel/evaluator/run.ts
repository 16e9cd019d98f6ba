import { toBundle } from '../display/mime.js'
import { inCell } from './cell.js'
import { compileCell } from './cells.js'
import { CellThrew, evaluate } from './evaluate.js'
import { failure, Interrupted } from './failure.js'
import { displaysDone } from './globals.js'
import { allowInput } from './input.js'
import { emit } from './output.js'
import type { ExpressionValue, RunAnswer, RunRequest } from './protocol.js'

const nothing = Symbol('no value')
let last: unknown = nothing

/** Called by the cell's code with its last expression. */
export function keepValue(value: unknown): void {
  last = value
}

let stop: ((reason: Interrupted) => void) | undefined

/** Gives up the cell that is waiting; false when none is. */
export function giveUp(): boolean {
  stop?.(new Interrupted())
  return stop !== undefined
}

export async function runCell(request: RunRequest): Promise<RunAnswer> {
  const interrupted = new Promise<never>((_, reject) => {
    stop = (reason) => reject(new CellThrew(reason))
  })
  interrupted.catch(() => {})
  allowInput(request.allowInput)
  try {
    return await Promise.race([inCell(request.id, () => work(request)), interrupted])
  } catch (error) {
    const thrown = error instanceof CellThrew ? error.thrown : error
    const cell = { name: nameOf(request), source: request.code }
    return { type: 'run', error: failure(thrown, cell), expressions: {} }
  } finally {
    stop = undefined
  }
}

const nameOf = ({ count }: RunRequest): string => `cell:${count}`

async function work(request: RunRequest): Promise<RunAnswer> {
  const value = await lastValue(request.code, nameOf(request))
  if (value !== nothing && value !== undefined)
    emit({ type: 'result', cell: request.id, data: await toBundle(value) })
  await displaysDone()
  const expressions: Record<string, ExpressionValue> = {}
  for (const [name, code] of Object.entries(request.expressions))
    expressions[name] = await expression(code)
  return { type: 'run', expressions }
}

/** The value of the code's last expression, else `nothing`. */
async function lastValue(code: string, name: string): Promise<unknown> {
  last = nothing
  await evaluate(compileCell(name, code).js, name)
  const value = last
  last = nothing
  return value
}

async function expression(code: string): Promise<ExpressionValue> {
  try {
    const value = await lastValue(code, 'cell:0')
    const data = await toBundle(value === nothing ? undefined : value)
    return { status: 'ok', data, metadata: {} }
  } catch (error) {
    const thrown = error instanceof CellThrew ? error.thrown : error
    return { status: 'error', ...failure(thrown) }
  }
}
