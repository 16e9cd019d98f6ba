import { toBundle } from '../display/mime.js'
import { inCell, silence } from './cell.js'
import { type CellName, compileCell, nameOf, urlOf } from './cells.js'
import { abandonEvaluations, CellThrew, evaluate } from './evaluate.js'
import { failure, Interrupted } from './failure.js'
import { displaysDone } from './globals.js'
import { held, stopAtAwait } from './hold.js'
import { allowInput } from './input.js'
import { magics } from './magics/table.js'
import type { Last } from './magics/types.js'
import { emit } from './output.js'
import type { ExpressionValue, RunAnswer, RunRequest } from './protocol.js'
import { dispose, disposing } from './resources.js'
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

/** How to give up the cell that runs or waits, and its request. */
let stop: { id: number; now: () => void } | undefined

/** Gives up the cell that runs or waits, if its request came before interrupt `id`. */
export function giveUp(id: number): void {
  if (stop && stop.id < id) stop.now()
}

/** What magics have to end after an interrupt. */
const leftovers = new Set<() => void>()

export function cleanUp(): void {
  for (const work of leftovers) {
    leftovers.delete(work)
    work()
  }
}

export async function runCell(request: RunRequest): Promise<RunAnswer> {
  const stopped = new AbortController()
  const interrupted = new Promise<never>((_, reject) => {
    const now = () => {
      clearTimers()
      stopAtAwait(nameOf(request.id))
      silence(request.id)
      abandonEvaluations()
      stopped.abort()
      reject(new CellThrew(new Interrupted()))
    }
    stop = { id: request.id, now }
  })
  interrupted.catch(() => {})
  allowInput(request.allowInput)
  trackTimers()
  try {
    return await Promise.race([
      inCell(request.id, () => work(request, stopped.signal)),
      interrupted,
    ])
  } catch (error) {
    const thrown = error instanceof CellThrew ? error.thrown : error
    const cell = { label: labelOf(request), source: request.source ?? request.code }
    return { type: 'run', error: failure(thrown, cell), expressions: {} }
  } finally {
    stop = undefined
    forgetTimers()
    held.promise = undefined
    // Only where it was given up: then its own end never comes.
    void dispose(nameOf(request.id))
  }
}

const labelOf = ({ count }: Pick<RunRequest, 'count'>): string => `Cell ${count}`

async function work(request: RunRequest, signal: AbortSignal): Promise<RunAnswer> {
  const { last, payload } = await runRequest(request, signal)
  const data = last?.value === undefined ? {} : await toBundle(last.value)
  // An empty bundle shows nothing, as that of a display's handle.
  if (Object.keys(data).length > 0) emit({ type: 'result', cell: request.id, data })
  await displaysDone()
  const expressions: Record<string, ExpressionValue> = {}
  for (const [name, code] of Object.entries(request.expressions))
    expressions[name] = await expression(code)
  return { type: 'run', expressions, ...(payload && { payload }) }
}

async function runRequest(
  { code, id, magic, ...request }: RunRequest,
  signal: AbortSignal,
): Promise<{ last?: Last; payload?: object[] }> {
  const cell = { id, label: labelOf(request), source: request.source }
  if (!magic) return { last: await lastValue(code, cell, request.script) }
  const show = (event: Parameters<typeof emit>[0]) => {
    if (!signal.aborted) emit(event)
  }
  const found = await magics[magic.name]!({
    ...magic,
    code,
    signal,
    onStop: (work) => signal.addEventListener('abort', () => leftovers.add(work)),
    compile(wrap) {
      const { js } = compileCell(code, cell, wrap)
      // Nobody debugs what a magic makes of a cell.
      return () => evaluated(js, id, wrap ? undefined : request.script)
    },
    print: (text) => show({ type: 'stream', cell: id, name: 'stdout', text }),
    display: (data) => show({ type: 'display', cell: id, data }),
  })
  return found ?? {}
}

const lastValue = (code: string, cell: CellName, script?: string): Promise<Last> =>
  evaluated(compileCell(code, cell).js, cell.id, script)

/** The value of the code's last expression, in a box: a promise is shown as one, so that a missing await is seen. */
async function evaluated(js: string, id: number, script?: string): Promise<Last> {
  takeValue()
  await disposing(nameOf(id), () => evaluate(js, urlOf(id, script)))
  const last = takeValue()
  // A cell that was given up may end in the background meanwhile, and leave its own value.
  return last?.name === nameOf(id) ? last : undefined
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
