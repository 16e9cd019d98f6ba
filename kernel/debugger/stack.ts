import type { Debugger, Runtime } from 'node:inspector'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageRoot } from '../package.js'
import { type Command, type Frame, pathIn, type Session, threadId } from './session.js'
import type { Variable } from './variables.js'

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Scripts that stepping passes by: Node's, the kernel's and packages'. The learner debugs the learner's code. */
export const passedBy = ['^node:', '/node_modules/', `${escaped(packageRoot())}/dist/`]
const hidden = passedBy.map((pattern) => new RegExp(pattern))

/** A frame as the client sees it; undefined for one that it does not. */
async function frameOf(frame: Debugger.CallFrame, { cells, scripts }: Session) {
  const { scriptId, lineNumber, columnNumber = 0 } = frame.location
  const url = scripts.get(scriptId) ?? frame.url
  const name = frame.functionName || '(top level)'
  const place = await cells.place(url, lineNumber, columnNumber)
  if (place) {
    const { path, line, column, end } = place
    return { name, line, column, end, source: { name: basename(path), path }, frame }
  }
  if (!url.startsWith('file:') || hidden.some((pattern) => pattern.test(url))) return undefined
  const path = fileURLToPath(url)
  const source = { name: basename(path), path }
  return { name, line: lineNumber + 1, column: columnNumber + 1, end: false, source, frame }
}

/** The frames of the learner's code, innermost first; `at`: what the innermost of all is. */
export async function learnersFrames(
  callFrames: Debugger.CallFrame[],
  session: Session,
): Promise<{ frames: Frame[]; at: 'code' | 'end' | 'elsewhere' }> {
  const all = await Promise.all(callFrames.map((frame) => frameOf(frame, session)))
  const frames = all
    .filter((frame) => frame !== undefined)
    .map(({ end: _, ...frame }, index) => ({ id: index + 1, ...frame }))
  return { frames, at: !all[0] ? 'elsewhere' : all[0].end ? 'end' : 'code' }
}

function frameIn(frameId: unknown, { paused }: Session): Frame {
  const frame = paused?.find(({ id }) => id === frameId)
  if (!frame)
    throw new RangeError(`debugger: there is no frame ${frameId} now; stop somewhere first`)
  return frame
}

export { frameIn }

const local = new Set(['local', 'block', 'catch', 'with', 'eval'])
const closure = new Set(['closure', 'module'])

/** Variables of several of V8's scopes; of equal names the innermost counts. */
async function merged(scopes: Runtime.RemoteObject[], { variables }: Session): Promise<Variable[]> {
  const lists = await Promise.all(
    scopes.map((scope) => variables.properties(scope, '(no value yet)')),
  )
  const found = new Map<string, Variable>()
  for (const variable of lists.flat())
    if (!found.has(variable.name)) found.set(variable.name, variable)
  return [...found.values()]
}

export const stackCommands: Record<string, Command> = {
  threads: () => ({ threads: [{ id: threadId, name: 'main' }] }),

  stackTrace: (_args, { paused = [] }) => ({
    stackFrames: paused.map(({ frame: _, ...told }) => told),
    totalFrames: paused.length,
  }),

  async scopes({ frameId }, session) {
    const { scopeChain } = frameIn(frameId, session).frame
    const of = (kinds: Set<string>) =>
      scopeChain.filter(({ type }) => kinds.has(type)).map(({ object }) => object)
    const scopes = [
      { name: 'Locals', list: await merged(of(local), session) },
      { name: 'Closure', list: await merged(of(closure), session) },
      { name: 'Globals', list: await merged(of(new Set(['script'])), session) },
    ]
    return {
      // At the top of a cell there are no locals: clients show the first scope, so the empty ones are left out.
      scopes: scopes
        .filter(({ name, list }) => list.length > 0 || name === 'Globals')
        .map(({ name, list }) => ({
          name,
          variablesReference: session.variables.reference(async () => list),
          expensive: false,
        })),
    }
  },

  async source(args, { cells, scripts, inspector }) {
    const path = pathIn(args)
    const content = cells.source(path)
    if (content !== undefined) return { content, mimeType: 'text/typescript' }
    const script = [...scripts].findLast(([, url]) => asPath(url) === path)
    if (!script) throw new Error(`debugger: ${path} is neither a cell nor a file that was loaded`)
    const { scriptSource } = await inspector.call<Debugger.GetScriptSourceReturnType>(
      'Debugger.getScriptSource',
      { scriptId: script[0] },
    )
    return { content: scriptSource, mimeType: 'text/javascript' }
  },

  modules: (_args, { scripts }) => {
    const files = [...new Set(scripts.values())].filter(
      (url) => url.startsWith('file:') && !hidden.some((pattern) => pattern.test(url)),
    )
    const modules = files.map((url) => ({ id: url, name: basename(url), path: fileURLToPath(url) }))
    return { modules, totalModules: modules.length }
  },
}

const asPath = (url: string): string => (url.startsWith('file:') ? fileURLToPath(url) : url)
