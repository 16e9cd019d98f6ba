import { randomUUID } from 'node:crypto'
import { types } from 'node:util'
import { asCell, currentCell, leaveCell } from './cell.js'
import { callOut } from './evaluate.js'
import { failure, Interrupted } from './failure.js'
import { emit } from './output.js'
import type { CommRequest } from './protocol.js'

/** A JSON object: what a comm carries beside its buffers. */
export type Data = Record<string, unknown>
export type Bytes = ArrayBuffer | ArrayBufferView

export interface Enclosed {
  buffers?: readonly Bytes[]
  metadata?: Data
}

type MessageHandler = (data: Data, buffers: Uint8Array[]) => unknown
type CloseHandler = (data: Data) => unknown
type TargetHandler = (comm: Comm, data: Data, buffers: Uint8Array[]) => unknown

/** One open line to the page. Spec: messaging.html#custom-messages */
export class Comm {
  readonly id: string
  readonly target: string
  readonly #message: MessageHandler[] = []
  readonly #close: CloseHandler[] = []

  constructor(id: string, target: string) {
    this.id = id
    this.target = target
  }

  get closed(): boolean {
    return open.get(this.id) !== this
  }

  send(data: Data = {}, enclosed: Enclosed = {}): void {
    if (this.closed)
      throw new Error(`comms: comm ${this.id} of '${this.target}' is closed; open another`)
    say('msg', this, data, enclosed)
  }

  onMessage(handler: MessageHandler): void {
    this.#message.push(checked(handler, 'onMessage'))
  }

  onClose(handler: CloseHandler): void {
    this.#close.push(checked(handler, 'onClose'))
  }

  /** Closes this end; the other end is told. A closed comm stays closed. */
  close(data: Data = {}, enclosed: Enclosed = {}): void {
    if (this.closed) return
    say('close', this, data, enclosed)
    open.delete(this.id)
  }

  /** A message of the other end. */
  static receive(comm: Comm, data: Data, buffers: Uint8Array[]): void {
    for (const handler of comm.#message) call(() => handler(data, buffers))
  }

  /** The other end has closed. */
  static closed(comm: Comm, data: Data): void {
    open.delete(comm.id)
    for (const handler of comm.#close) call(() => handler(data))
  }
}

const open = new Map<string, Comm>()
const targets = new Map<string, TargetHandler>()

/** The global `comms`; kernel/language/globals.d.ts types and documents it. */
export const comms = {
  registerTarget(name: string, handler: TargetHandler): void {
    targets.set(String(name), checked(handler, 'registerTarget'))
    emit({ type: 'target', name: String(name) })
  },

  open(target: string, data: Data = {}, enclosed: Enclosed = {}): Comm {
    const comm = new Comm(randomUUID(), String(target))
    say('open', comm, data, enclosed)
    open.set(comm.id, comm)
    return comm
  },
}

function say(message: 'open' | 'msg' | 'close', comm: Comm, data: Data, enclosed: Enclosed): void {
  const { buffers = [], metadata = {} } = enclosed
  for (const [name, value] of Object.entries({ data, metadata }))
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new TypeError(`comms: ${name} must be an object, got ${JSON.stringify(value)}`)
  const encoded = buffers.map((bytes) => view(bytes).toString('base64'))
  const { id, target } = comm
  const cell = currentCell()
  emit({ type: 'comm', cell, message, comm: id, target, data, metadata, buffers: encoded })
}

function view(bytes: Bytes): Buffer {
  if (ArrayBuffer.isView(bytes))
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (types.isAnyArrayBuffer(bytes)) return Buffer.from(bytes)
  throw new TypeError(
    `comms: a buffer must be an ArrayBuffer or a view of one, got ${typeof bytes}`,
  )
}

/** The message that is being handled; the page is told when it was. */
let handling: number | undefined

/** Messages that have come; after an interrupt, those that nobody has answered are sent once more. */
const known = new Set<number>()
const remembered = 1000

/** A message from the page. What its handlers print and throw belongs to it, and none of it ends the process. */
export function handleComm(request: CommRequest): void {
  if (known.has(request.id)) return
  known.add(request.id)
  handling = request.id
  const [oldest] = known
  if (known.size > remembered) known.delete(oldest!)
  // An interrupt may end a handler that never returns, and only that.
  if (!callOut(() => asCell(request.id, () => dispatch(request)))) report(new Interrupted())
  commHandled()
}

/** Also called after an interrupt, which may have ended the lines above. */
export function commHandled(): void {
  if (handling === undefined) return
  leaveCell()
  emit({ type: 'handled', id: handling })
  handling = undefined
}

function dispatch({ message, comm: id, target, data, buffers }: CommRequest): void {
  // Copied: Node puts short buffers into a shared pool, and a learner may look at `.buffer`.
  const bytes = buffers.map((text) => Uint8Array.from(Buffer.from(text, 'base64')))
  if (message === 'open') {
    opened(new Comm(id, target), data, bytes)
    return
  }
  const comm = open.get(id)
  if (comm && message === 'msg') Comm.receive(comm, data, bytes)
  if (comm && message === 'close') Comm.closed(comm, data)
}

function opened(comm: Comm, data: Data, buffers: Uint8Array[]): void {
  const handler = targets.get(comm.target)
  open.set(comm.id, comm)
  if (!handler || !call(() => handler(comm, data, buffers))) comm.close()
}

/** False when it threw; what a promise rejects with later is reported as well. */
function call(handler: () => unknown): boolean {
  const cell = handling
  try {
    const result = handler()
    if (types.isPromise(result)) result.catch((error) => report(error, cell))
    return true
  } catch (error) {
    report(error)
    return false
  }
}

function report(error: unknown, cell = handling): void {
  emit({ type: 'late', cell: cell ?? currentCell(), error: failure(error) })
}

function checked<T>(handler: T, name: string): T {
  if (typeof handler === 'function') return handler
  throw new TypeError(`comms: ${name} needs a function, got ${typeof handler}`)
}
