import type { Debugger } from 'node:inspector'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageRoot } from '../package.js'
import { scopesOf } from './scopes.js'
import { type Command, type Frame, frameIn, pathIn, type Session, threadId } from './session.js'

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
  const path = asPath(url)
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

export const stackCommands: Record<string, Command> = {
  threads: () => ({ threads: [{ id: threadId, name: 'main' }] }),

  stackTrace: (_args, { paused = [] }) => ({
    stackFrames: paused.map(({ frame: _, ...told }) => told),
    totalFrames: paused.length,
  }),

  async scopes({ frameId }, session) {
    const scopes = await scopesOf(frameIn(frameId, session), session)
    return {
      scopes: scopes.map(({ name, list }) => ({
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

  async modules(_args, { attached, scripts, inspector }) {
    // V8 tells of the scripts of a cell on another way than the cell ends: an answer comes after all that was told before.
    if (attached) await inspector.call('Runtime.getIsolateId')
    const files = [...scripts.values()].filter(
      (url) => url.startsWith('file:') && !hidden.some((pattern) => pattern.test(url)),
    )
    // A file that changed and was imported again is one file.
    const paths = [...new Set(files.map(asPath))]
    const modules = paths.map((path) => ({ id: path, name: basename(path), path }))
    return { modules, totalModules: modules.length }
  },
}

/** A script may call itself anything (`//# sourceURL=file://a%2Fb`); what is no path stays as it is. */
function asPath(url: string): string {
  try {
    return fileURLToPath(url)
  } catch {
    return url
  }
}
