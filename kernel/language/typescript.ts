import { setImmediate as nextTurn } from 'node:timers/promises'
import { within } from '../../src/host/within.js'
import { readProject } from '../project.js'
import { type CellModule, Scope } from './cell.js'
import { Changes } from './changes.js'
import { completionsOf } from './completion.js'
import { cellConfig, configFile } from './config.js'
import { diagnosticsOf, isMissingModule } from './diagnostics.js'
import { hoverOf } from './hover.js'
import type { LspCompletionItem, LspCompletionList, LspDiagnostic, LspHover } from './lsp.js'
import { filesOfModule } from './modules.js'
import { loadParser } from './names.js'
import { positionAt } from './offsets.js'
import { LanguageServer } from './server.js'
import type { CheckResult, Completions, Diagnostic, Hover, LanguageService } from './service.js'

export interface LanguageServiceOptions {
  /** The notebook's folder. */
  folder: string
  /** The folder of this package. */
  packageRoot: string
  /** Milliseconds that a question may take: of a server that has answered before, and of one that just starts. */
  patience?: { warm: number; cold: number }
}

/** How often in a row the server may fail before it is left alone. */
const lives = 3
/**
 * How many empty modules of cells to come are kept open. To check a cell is then an edit, which takes a third of the time
 * that a new file does; at the server's start each costs 2 ms, later 10.
 */
const ahead = 16
/** Milliseconds without a question before another one is opened. */
const idle = 20

/** Types of cells by TypeScript's own language server. Nothing is started before `start()` or the first question. */
export function createLanguageService(options: LanguageServiceOptions): TypeScriptService {
  return new TypeScriptService(options)
}

export class TypeScriptService implements LanguageService {
  readonly #options: LanguageServiceOptions
  readonly #patience: { warm: number; cold: number }
  readonly #scope = new Scope()
  readonly #server: LanguageServer
  readonly #changes: Changes
  /** Questions take turns, since each puts its own text into the current cell's module. */
  #turn: Promise<unknown> = Promise.resolve()
  /** The server has answered since it was started. */
  #warm = false
  #failures = 0
  /** To be told once. */
  #problem: string | undefined
  #idle?: NodeJS.Timeout
  #disposed = false
  /** Started or asked. A kernel that does not check types may never ask: until then there is no server, and no cell is parsed. */
  #awake = false
  /** Cells that ran, and that nobody looked at yet. */
  readonly #unseen: string[] = []

  constructor(options: LanguageServiceOptions) {
    this.#options = options
    this.#patience = options.patience ?? { warm: 2000, cold: 10_000 }
    this.#server = new LanguageServer({ ...options, configFile })
    this.#changes = new Changes(options.folder)
    this.#problem = readProject(options.folder).problem
  }

  /** The server's process, for tests and reports. */
  get pid(): number | undefined {
    return this.#server.pid
  }

  start(): void {
    this.#prepareWhenIdle(0)
  }

  /** In its turn: a question that is under way has its text in the module that the next cell takes. */
  #catchUp(): void {
    if (!this.#awake) this.#configure()
    this.#awake = true
    for (const code of this.#unseen.splice(0)) {
      const module = this.#scope.commit(code)
      if (module) this.#server.put(module.file, module.text)
    }
  }

  async check(code: string): Promise<CheckResult> {
    if (this.#failures >= lives) return { diagnostics: [] }
    // While the server starts: the first check needs both.
    loadParser()
    const answer = await this.#ask(async () => {
      const changed = this.#changes.since(code)
      if (changed.length > 0) this.#server.filesTouched(changed, 'changed')
      const module = this.#load(code)
      const found = await this.#pull(module)
      const created = found
        .filter(({ code }) => isMissingModule(code))
        .flatMap(({ message }) => filesOfModule(this.#options.folder, message))
      if (created.length === 0) return found
      this.#server.filesTouched(created, 'created')
      return this.#pull(module)
    })
    if (answer instanceof Error)
      return { diagnostics: [], note: `types are not checked: ${answer.message}` }
    const note = this.#problem
    this.#problem = undefined
    return { diagnostics: answer, ...(note && { note }) }
  }

  commit(code: string): void {
    this.#unseen.push(code)
    if (this.#awake) this.#prepareWhenIdle(idle)
  }

  async complete(code: string, offset: number): Promise<Completions | undefined> {
    const answer = await this.#ask(async () => {
      const module = this.#load(code, { everyName: true })
      const answer = await this.#at<LspCompletionList | LspCompletionItem[] | null>(
        'textDocument/completion',
        { module, offset, context: { triggerKind: 1 } },
      )
      const resolve = (item: LspCompletionItem) => this.#server.resolve(item)
      return completionsOf({ module, offset, answer, resolve })
    })
    return answer instanceof Error ? undefined : answer
  }

  async hover(code: string, offset: number): Promise<Hover | undefined> {
    const answer = await this.#ask(() => {
      const module = this.#load(code)
      return this.#at<LspHover | null>('textDocument/hover', { module, offset })
    })
    return answer instanceof Error ? undefined : hoverOf(answer)
  }

  reset(): void {
    this.#unseen.length = 0
    if (!this.#awake) return
    this.#server.removeAll()
    this.#scope.reset()
    this.#failures = 0
    this.#configure()
    this.#prepareWhenIdle(idle)
  }

  dispose(): void {
    this.#disposed = true
    clearTimeout(this.#idle)
    this.#server.stop()
  }

  #configure(): void {
    this.#server.put(configFile, JSON.stringify(cellConfig(this.#options)), 'json')
    for (const file of this.#scope.files(ahead)) this.#server.put(file, '')
  }

  #load(code: string, options?: { everyName: boolean }): CellModule {
    const module = this.#scope.module(code, options)
    this.#server.put(module.file, module.text)
    return module
  }

  async #pull(module: CellModule): Promise<Diagnostic[]> {
    const report = await this.#server.request<{ items?: LspDiagnostic[] }>(
      'textDocument/diagnostic',
      module.file,
    )
    return diagnosticsOf(report.items ?? [], module, (name) => this.#scope.kind(name))
  }

  #at<Result>(
    method: string,
    { module, offset, ...params }: { module: CellModule; offset: number; context?: object },
  ): Promise<Result> {
    const { line, character } = positionAt(module.code, offset)
    const position = { line: line + module.offset, character }
    return this.#server.request(method, module.file, { position, ...params })
  }

  /** Opens one more module while nobody waits, until there are enough. */
  #prepareWhenIdle(delay: number): void {
    clearTimeout(this.#idle)
    if (this.#disposed) return
    this.#idle = setTimeout(async () => {
      this.#turn = this.#turn.then(() => this.#catchUp())
      await this.#turn
      const missing = this.#scope.files(ahead).find((file) => !this.#server.has(file))
      if ((!missing && this.#warm) || this.#failures >= lives) return
      await this.#ask(() => {
        if (missing) this.#server.put(missing, '')
        return this.#pull(this.#load(''))
      })
      loadParser()
      this.#prepareWhenIdle(idle)
    }, delay)
    this.#idle.unref()
  }

  /**
   * Runs `question` in its turn. An Error in place of its answer says in one line why there is none. Whoever gets it has the
   * word before the next turn: a cell that was checked is committed, and its names are there for a completion behind it.
   */
  #ask<Answer>(question: () => Promise<Answer>): Promise<Answer | Error> {
    clearTimeout(this.#idle)
    const turn = this.#turn.then(() => this.#answer(question))
    this.#turn = turn.then(() => nextTurn())
    return turn
  }

  get #limit(): number {
    return this.#warm ? this.#patience.warm : this.#patience.cold
  }

  /**
   * A server that does not answer in time is stopped and started again while the cell runs; one that ended is started
   * again and asked again. Each new one is given all the cells.
   */
  async #answer<Answer>(question: () => Promise<Answer>): Promise<Answer | Error> {
    this.#catchUp()
    let reason = new Error('the language service is closed')
    while (!this.#disposed && this.#failures < lives) {
      try {
        const limit = this.#limit
        const answer = await within(limit, question(), () => {
          throw new TooLate(limit)
        })
        this.#warm = true
        this.#failures = 0
        return answer
      } catch (error) {
        reason = asError(error)
        const late = reason instanceof TooLate
        if (this.#server.alive && !late) return reason
        this.#failures += 1
        this.#warm = false
        this.#server.stop()
        if (late) {
          this.#prepareWhenIdle(0)
          return reason
        }
      }
    }
    return reason
  }
}

class TooLate extends Error {
  constructor(milliseconds: number) {
    super(`the language server did not answer in ${milliseconds / 1000} s`)
  }
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)))
