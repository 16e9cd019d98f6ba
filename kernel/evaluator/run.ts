import { toBundle } from '../display/mime.js'
import { inCell, silence } from './cell.js'
import { compileCell, nameOf } from './cells.js'
import { abandonEvaluations, CellThrew, evaluate } from './evaluate.js'
import { failure, Interrupted } from './failure.js'
import { displaysDone } from './globals.js'
import { held, stopAtAwait } from './hold.js'
import { allowInput } from './input.js'
import { emit } from './output.js'
import type { ExpressionValue, RunAnswer, RunRequest } from './protocol.js'
import { clearTimers, forgetTimers, trackTimers } from './timers.js'

let last: { name: string; value: unknown } | undefined

/** Called by the code of cell `name` with its last expression. */
export function keepValue(name: string, value: unknown): void {
  last = { name, value }
}

function takeValue(): typeof last {
  const taken = last
  last = undefined
  return taken
}

let stop: (() => void) | undefined

/** Gives up the cell that runs or waits, if one does. */
export function giveUp(): void {
  stop?.()
}

export async function runCell(request: RunRequest): Promise<RunAnswer> {
  const interrupted = new Promise<never>((_, reject) => {
    stop = () => {
      clearTimers()
      stopAtAwait(nameOf(request.id))
      silence(request.id)
      abandonEvaluations()
      reject(new CellThrew(new Interrupted()))
    }
  })
  interrupted.catch(() => {})
  allowInput(request.allowInput)
  trackTimers()
  try {
    return await Promise.race([inCell(request.id, () => work(request)), interrupted])
  } catch (error) {
    const thrown = error instanceof CellThrew ? error.thrown : error
    const cell = { label: labelOf(request), source: request.code }
    return { type: 'run', error: failure(thrown, cell), expressions: {} }
  } finally {
    stop = undefined
    forgetTimers()
    held.promise = undefined
  }
}

const labelOf = ({ count }: RunRequest): string => `Cell ${count}`

async function work(request: RunRequest): Promise<RunAnswer> {
  const last = await lastValue(request.code, { id: request.id, label: labelOf(request) })
  if (last?.value !== undefined)
    emit({ type: 'result', cell: request.id, data: await toBundle(last.value) })
  await displaysDone()
  const expressions: Record<string, ExpressionValue> = {}
  for (const [name, code] of Object.entries(request.expressions))
    expressions[name] = await expression(code)
  return { type: 'run', expressions }
}

/** The value of the code's last expression, in a box: a promise is shown as one, so that a missing await is seen. */
async function lastValue(
  code: string,
  cell: { id: number; label: string },
): Promise<{ value: unknown } | undefined> {
  takeValue()
  await evaluate(compileCell(code, cell).js, nameOf(cell.id))
  const last = takeValue()
  // A cell that was given up may end in the background meanwhile, and leave its own value.
  return last?.name === nameOf(cell.id) ? last : undefined
}

async function expression(code: string): Promise<ExpressionValue> {
  try {
    const last = await lastValue(code, { id: 0, label: 'Expression' })
    const data = await toBundle(last?.value)
    return { status: 'ok', data, metadata: {} }
  } catch (error) {
    const thrown = error instanceof CellThrew ? error.thrown : error
    return { status: 'error', ...failure(thrown) }
  }
}
