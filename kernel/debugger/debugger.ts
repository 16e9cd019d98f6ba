import type { Debugger as V8 } from 'node:inspector'
import type { DebugCall } from '../evaluator/protocol.js'
import { Breakpoints, breakpointCommands, exceptionFilters } from './breakpoints.js'
import { Cells, hashSeed, prefix, suffix } from './cells.js'
import { continued, flowCommands, nextOf } from './flow.js'
import { Inspector, type InspectorMessage } from './inspector.js'
import { type Command, type Session, threadId } from './session.js'
import { learnersFrames, passedBy, stackCommands } from './stack.js'
import { valueCommands } from './values.js'
import { group, Variables } from './variables.js'

export interface DapRequest {
  seq: number
  type: string
  command: string
  arguments?: Record<string, unknown>
}

export interface DebuggerOptions {
  /** Takes a message to V8. */
  send(message: DebugCall): void
  /** Takes a DAP event to all clients. */
  publish(event: object): void
}

/** The kernel's debugger: DAP on one side, V8's own protocol on the other. Without `attach` nothing in V8 is on. */
export class Debugger {
  readonly cells = new Cells()
  /** Cells wait for it: a new process has its breakpoints before it runs anything. */
  ready: Promise<void> = Promise.resolve()
  readonly #session: Session
  readonly #publish: (event: object) => void
  /** Events wait for the reply to the request that runs: a client that reads them the other way round loses a stop. */
  #held: object[] | undefined
  #sequence = 1

  constructor({ send, publish }: DebuggerOptions) {
    const inspector = new Inspector(send, (method, params) => void this.#event(method, params))
    this.#publish = publish
    this.#session = {
      inspector,
      cells: this.cells,
      breakpoints: new Breakpoints(this.cells, inspector),
      variables: new Variables(inspector),
      attached: false,
      paused: undefined,
      touched: false,
      stepping: undefined,
      scripts: new Map(),
      event: (event, body) => this.#tell({ type: 'event', event, body }),
      attach: () => this.#attach(),
      detach: () => this.#detach(),
    }
  }

  /** DAP request → DAP response; `afterwards` comes when that is sent. */
  async handle(request: DapRequest, afterwards: (work: () => void) => void): Promise<object> {
    const { command, seq } = request
    const response = { type: 'response', request_seq: seq, seq: this.#sequence++, command }
    this.#held = []
    afterwards(() => {
      const held = this.#held ?? []
      this.#held = undefined
      for (const event of held) this.#tell(event)
    })
    try {
      const run = Object.hasOwn(commands, command) ? commands[command] : undefined
      if (!run) throw new Error(`debugger: unknown command ${command}`)
      if (!this.#session.attached && !early.has(command))
        throw new Error(`debugger: ${command} needs attach first`)
      const body = await run(request.arguments ?? {}, this.#session)
      return { ...response, success: true, body }
    } catch (error) {
      return {
        ...response,
        success: false,
        message: (error as Error).message,
        body: nothing[command] ?? {},
      }
    }
  }

  receive(message: object): void {
    this.#session.inspector.receive(message as InspectorMessage)
  }

  /** A new process runs the cells: it is debugged as the old one was. */
  replaced(): void {
    const session = this.#session
    session.inspector.abandon()
    this.#resumed()
    session.scripts.clear()
    if (session.attached) this.ready = this.#attach().catch(() => {})
  }

  async #attach(): Promise<void> {
    const { inspector, breakpoints } = this.#session
    await inspector.call('Debugger.enable')
    await inspector.call('Debugger.setBlackboxPatterns', { patterns: passedBy })
    await breakpoints.restore()
    this.#session.attached = true
  }

  /** Whatever is paused goes on. */
  async #detach(): Promise<void> {
    const session = this.#session
    session.attached = false
    session.breakpoints.clear()
    if (session.paused) await session.inspector.call('Debugger.resume').catch(() => {})
    await session.inspector.call('Debugger.disable')
    this.#resumed()
    session.scripts.clear()
  }

  async #event(method: string, params: object): Promise<void> {
    if (method === 'Debugger.scriptParsed') {
      const { scriptId, url } = params as V8.ScriptParsedEventDataType
      if (url) this.#session.scripts.set(scriptId, url)
    } else if (method === 'Debugger.paused')
      await this.#paused(params as V8.PausedEventDataType).catch(() => this.#resume())
    else if (method === 'Debugger.resumed') this.#resumed()
  }

  async #paused({ callFrames, reason, data, hitBreakpoints }: V8.PausedEventDataType) {
    const session = this.#session
    const { frames, at } = await learnersFrames(callFrames, session)
    const thrown = reason === 'exception' || reason === 'promiseRejection'
    const stop = hitBreakpoints?.length ? 'breakpoint' : thrown ? 'exception' : undefined
    const stepped = session.stepping
    session.stepping = undefined
    // A step ends with its cell: V8 would go on with it in the next one.
    const strayed = stepped !== undefined && stepped.run !== session.cells.newest
    const over = !stop && (at !== 'code' || strayed)
    const further = stop || strayed ? undefined : nextOf(stepped, frames, at)
    if (further) {
      session.stepping = further.step
      await session.inspector.call(further.method)
      return
    }
    if (!session.attached || frames.length === 0 || over) {
      await this.#resume()
      return
    }
    session.paused = frames
    const description = thrown ? (data as { description?: string })?.description : undefined
    session.event('stopped', {
      reason: stop ?? (stepped === undefined ? 'pause' : 'step'),
      ...(description && { description: description.split('\n')[0], text: description }),
      threadId,
      allThreadsStopped: true,
    })
  }

  #resume = async (): Promise<void> => {
    await this.#session.inspector.call('Debugger.resume').catch(() => {})
  }

  #resumed(): void {
    const session = this.#session
    if (!session.paused) return
    session.paused = undefined
    session.touched = false
    session.variables.clear()
    session.inspector.call('Runtime.releaseObjectGroup', { objectGroup: group }).catch(() => {})
    session.event('continued', continued)
  }

  #tell(event: object): void {
    if (this.#held) this.#held.push(event)
    else this.#publish({ seq: this.#sequence++, ...event })
  }
}

/** JupyterLab reads these lists before it looks whether there are any: a question may come when the pause that it is about has ended. */
const nothing: Record<string, object> = {
  stackTrace: { stackFrames: [] },
  scopes: { scopes: [] },
  variables: { variables: [] },
  inspectVariables: { variables: [] },
  modules: { modules: [] },
  setBreakpoints: { breakpoints: [] },
}

/** Commands that need no running debugger. */
const early = new Set(['debugInfo', 'initialize', 'attach', 'dumpCell', 'source', 'disconnect'])
early.add('inspectVariables').add('variables').add('richInspectVariables').add('terminate')
early.add('copyToGlobals').add('setVariable').add('modules').add('configurationDone')

const sessionCommands: Record<string, Command> = {
  /** What a client needs to name cells and to find a session that runs. */
  debugInfo: (_args, { attached, breakpoints, paused }) => ({
    isStarted: attached,
    hashMethod: 'Murmur2',
    hashSeed,
    tmpFilePrefix: prefix,
    tmpFileSuffix: suffix,
    breakpoints: breakpoints.list(),
    stoppedThreads: paused ? [threadId] : [],
    richRendering: false,
    exceptionPaths: [],
    copyToGlobals: false,
  }),
  initialize: () => ({
    supportsConfigurationDoneRequest: true,
    supportsConditionalBreakpoints: true,
    supportsModulesRequest: true,
    supportsTerminateRequest: true,
    supportsSetVariable: false,
    exceptionBreakpointFilters: exceptionFilters,
  }),
  dumpCell: ({ code }, { cells }) => ({ sourcePath: cells.dump(String(code)) }),
}

const commands: Record<string, Command> = {
  ...sessionCommands,
  ...flowCommands,
  ...breakpointCommands,
  ...stackCommands,
  ...valueCommands,
}
