import { toBundle } from '../display/mime.js'
import { notRun, ownNames } from '../language/not-run.js'
import { endCell, inCell, silence } from './cell.js'
import { type CellName, compileCell, nameOf, urlOf } from './cells.js'
import { CellSyntaxError } from './compile.js'
import { abandonEvaluations, CellThrew, evaluate } from './evaluate.js'
import { failure, Interrupted } from './failure.js'
import { displaysDone } from './globals.js'
import { letGo, stopAtAwait } from './hold.js'
import { allowInput } from './input.js'
import { magics } from './magics/table.js'
import type { Last } from './magics/types.js'
import { emit } from './output.js'
import type { ExpressionValue, Failure, RunAnswer, RunRequest } from './protocol.js'
import { refuse } from './refused.js'
import { dispose, disposing } from './resources.js'
import { clearTimers, forgetTimers, trackTimers } from './timers.js'

/** The last expression of each cell that runs, by its name; in a box, once there is one. */
const lasts = new Map<string, Last>()

/** Called by the code of cell `name` with its last expression; one that was given up may still end in the background. */
export function keepValue(name: string, value: unknown): void {
  if (lasts.has(name)) lasts.set(name, { value })
}

/** How to give up the cells that run or wait, by their requests; what magics have to end then. */
const stops = new Map<number, () => void>()
const cleanups = new Map<number, Set<() => void>>()

let givenUp = false

/**
 * Gives up every cell whose request came before interrupt `id`. A termination can end this anywhere, and it is called again:
 * so the evaluations go last, since a cell whose evaluation is gone counts as ended.
 */
export function giveUp(id: number): void {
  for (const [request, stop] of stops) {
    if (request > id) continue
    givenUp = true
    stop()
  }
  if (givenUp) abandonEvaluations()
  givenUp = false
}

/** What is to be ended after an interrupt. */
const leftovers = new Set<() => void>()

export function cleanUp(): void {
  for (const work of leftovers) {
    leftovers.delete(work)
    work()
  }
}

export async function runCell(request: RunRequest): Promise<RunAnswer> {
  const { id } = request
  const stopped = new AbortController()
  const interrupted = new Promise<never>((_, reject) => {
    // It can be ended anywhere, and is called again until it has come to its last line.
    stops.set(id, () => {
      clearTimers(id)
      stopAtAwait(nameOf(id))
      silence(id)
      for (const work of cleanups.get(id) ?? []) leftovers.add(work)
      stopped.abort()
      reject(new CellThrew(new Interrupted()))
    })
  })
  interrupted.catch(() => {})
  allowInput(id, request.allowInput)
  trackTimers(id)
  try {
    return await Promise.race([inCell(id, () => work(request, stopped.signal)), interrupted])
  } catch (error) {
    const thrown = error instanceof CellThrew ? error.thrown : error
    return { type: 'run', error: failed(thrown, request), expressions: {} }
  } finally {
    forget(id)
  }
}

function failed(thrown: unknown, { code, source, magic, ...request }: RunRequest): Failure {
  const told = failure(thrown, { label: labelOf(request), source: source ?? code })
  // Of a cell with magics a part may have run before.
  const whole = source === undefined && !magic
  if (!(thrown instanceof CellSyntaxError && whole)) return told
  const names = ownNames(code)
  return notRun(told, names, { kept: refuse([...names.keys()], request.count) })
}

/** The run is over; also called where a termination has ended our own code around it. */
export function forget(id: number): void {
  const name = nameOf(id)
  stops.delete(id)
  cleanups.delete(id)
  lasts.delete(name)
  forgetTimers(id)
  letGo(name)
  endCell(id)
  // Only where it was given up: then its own end never comes.
  void dispose(name)
}

const labelOf = ({ count }: Pick<RunRequest, 'count'>): string => `Cell ${count}`

async function work(request: RunRequest, signal: AbortSignal): Promise<RunAnswer> {
  const { last, payload } = await runRequest(request, signal)
  const data = last?.value === undefined ? {} : await toBundle(last.value)
  // An empty bundle shows nothing, as that of a display's handle.
  if (Object.keys(data).length > 0) emit({ type: 'result', cell: request.id, data })
  await displaysDone(request.id)
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
    onStop: (work) => cleanups.set(id, new Set(cleanups.get(id)).add(work)),
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
  const name = nameOf(id)
  lasts.set(name, undefined)
  try {
    await disposing(name, () => evaluate(js, urlOf(id, script)))
    return lasts.get(name)
  } finally {
    lasts.delete(name)
  }
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
