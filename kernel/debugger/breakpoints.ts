import type { Debugger } from 'node:inspector'
import type { Cells } from './cells.js'
import type { Inspector } from './inspector.js'
import { type Command, pathIn } from './session.js'

interface Breakpoint {
  verified: boolean
  line?: number
  message?: string
  source: { path: string }
}

interface Wanted {
  line: number
  condition?: string
}

/** What stops the cells; V8 forgets it with its process, we do not. */
export class Breakpoints {
  readonly #cells: Cells
  readonly #inspector: Inspector
  readonly #wanted = new Map<string, Wanted[]>()
  /** V8's ids. */
  readonly #set = new Map<string, string[]>()
  #exceptions = 'none'

  constructor(cells: Cells, inspector: Inspector) {
    this.#cells = cells
    this.#inspector = inspector
  }

  /** Replaces the breakpoints of one source. */
  async replace(path: string, wanted: Wanted[]): Promise<Breakpoint[]> {
    for (const breakpointId of this.#set.get(path) ?? [])
      await this.#inspector.call('Debugger.removeBreakpoint', { breakpointId })
    this.#wanted.set(path, wanted)
    const ids: string[] = []
    const placed: Breakpoint[] = []
    for (const { line, condition } of wanted) {
      const at = await this.#cells.generated(path, line)
      if (!at) {
        const message = 'breakpoints are set in lines of cells that have code'
        placed.push({ verified: false, line, message, source: { path } })
        continue
      }
      const { breakpointId } = await this.#inspector
        .call<Debugger.SetBreakpointByUrlReturnType>('Debugger.setBreakpointByUrl', {
          urlRegex: at.scripts,
          lineNumber: at.js.line - 1,
          columnNumber: at.js.column - 1,
          condition,
        })
        // Two lines may lead to one place, which V8 refuses to mark twice.
        .catch(() => ({ breakpointId: undefined }))
      if (breakpointId) ids.push(breakpointId)
      placed.push({ verified: true, line: at.line, source: { path } })
    }
    this.#set.set(path, ids)
    return placed
  }

  /** `state`: none, uncaught or all. */
  async pauseOnExceptions(state: string): Promise<void> {
    this.#exceptions = state
    await this.#inspector.call('Debugger.setPauseOnExceptions', { state })
  }

  /** All of them again, for a process that is new. */
  async restore(): Promise<void> {
    this.#set.clear()
    for (const [path, wanted] of this.#wanted) await this.replace(path, wanted)
    await this.pauseOnExceptions(this.#exceptions)
  }

  clear(): void {
    this.#wanted.clear()
    this.#set.clear()
    this.#exceptions = 'none'
  }

  list(): { source: string; breakpoints: Wanted[] }[] {
    return [...this.#wanted].map(([source, breakpoints]) => ({ source, breakpoints }))
  }
}

/** What a client may ask for by name. */
export const exceptionFilters = [
  { filter: 'uncaught', label: 'Uncaught exceptions', default: false },
  { filter: 'all', label: 'All exceptions', default: false },
]

export const breakpointCommands: Record<string, Command> = {
  setBreakpoints: async (args, { breakpoints }) => ({
    breakpoints: await breakpoints.replace(pathIn(args), (args.breakpoints as Wanted[]) ?? []),
  }),
  setExceptionBreakpoints: async ({ filters }, { breakpoints }) => {
    const asked = Array.isArray(filters) ? filters : []
    const state = ['all', 'uncaught'].find((name) => asked.includes(name)) ?? 'none'
    await breakpoints.pauseOnExceptions(state)
    return {}
  },
}
