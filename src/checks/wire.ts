import { type Displayable, displaySymbol } from '../host/types.js'
import { plain } from './plain.js'
import type { Plain } from './types.js'

const tag = '$'
const maxText = 4_000_000
const maxDepth = 40

/** Plain values as JSON, with what JSON lacks in tagged form: NaN, ±∞, −0, undefined, typed arrays. */
export function encodePlain(value: Plain): string {
  const text = JSON.stringify(value, (_key, item: Plain) => {
    if (item === undefined) return { [tag]: 'undefined' }
    if (typeof item === 'number')
      return Object.is(item, -0)
        ? { [tag]: '-0' }
        : Number.isFinite(item)
          ? item
          : { [tag]: String(item) }
    if (item instanceof Float64Array) return { [tag]: 'float64', items: Array.from(item) }
    if (item instanceof Float32Array) return { [tag]: 'float32', items: Array.from(item) }
    if (
      typeof item === 'object' &&
      item !== null &&
      !Array.isArray(item) &&
      Object.hasOwn(item, tag)
    )
      return { [tag]: 'object', items: Object.entries(item) }
    return item
  })
  if (text.length > maxText) throw new TypeError(`a value of more than ${maxText} characters`)
  return text
}

/** What `encodePlain` wrote. Its input may be forged: whatever it is, the result is plain, or a TypeError is thrown. */
export function decodePlain(text: string): Plain {
  if (text.length > maxText) throw new TypeError(`a value of more than ${maxText} characters`)
  return revive(JSON.parse(text) as unknown, 0)
}

function revive(value: unknown, depth: number): Plain {
  if (depth > maxDepth) throw new TypeError(`a value nested deeper than ${maxDepth}`)
  if (typeof value !== 'object' || value === null) return value as Plain
  if (Array.isArray(value)) return value.map((item) => revive(item, depth + 1))
  if (!Object.hasOwn(value, tag)) return fields(Object.entries(value), depth)
  const { [tag]: kind, items } = value as { [tag]: unknown; items?: unknown }
  const list = Array.isArray(items) ? items : []
  switch (kind) {
    case 'undefined':
      return undefined
    case 'float64':
      return Float64Array.from(list.map((item) => Number(revive(item, depth + 1))))
    case 'float32':
      return Float32Array.from(list.map((item) => Number(revive(item, depth + 1))))
    case 'object':
      return fields(list as [string, unknown][], depth)
    default:
      return Number(kind)
  }
}

const fields = (entries: [string, unknown][], depth: number): Plain =>
  // fromEntries defines own properties: a key "__proto__" stays an ordinary field.
  Object.fromEntries(entries.map(([key, item]) => [String(key), revive(item, depth + 1)]))

/** The MIME type of a reply to the grader. */
export const replyType = 'application/vnd.downhill.reply+json'

/** Where the grader leaves a mark in the learner's process; a process that lacks it has lost its state. */
export const markSymbol: unique symbol = Symbol.for('downhill.graded') as never

export interface Call {
  /** Repeated in the reply. */
  call: string
  /** The mark that the grader left. */
  mark: string
  /** Looks the function up; may throw a ReferenceError. */
  find(): unknown
  /** `encodePlain` of the list of arguments. */
  args: string
}

export type Reply = { call: string } & (
  | { state: 'lost' }
  | { state: 'threw'; name: string; message: string }
  | { state: 'ok'; value: string }
)

/**
 * In the learner's process: calls a function for the grader and shows the reply as `replyType`. It never throws.
 * Nothing here is a secret, and a learner who forges a reply must still know what the right one is.
 */
export async function answerCall({ call, mark, find, args }: Call): Promise<Displayable> {
  let reply: Reply
  try {
    if (Reflect.get(globalThis, markSymbol) !== mark) reply = { call, state: 'lost' }
    else {
      const fn = find()
      if (typeof fn !== 'function') throw new TypeError('the name is there, but is not a function')
      const value = await Reflect.apply(fn, undefined, decodePlain(args) as Plain[])
      reply = { call, state: 'ok', value: encodePlain(plain(value)) }
    }
  } catch (error) {
    const { name, message } =
      error instanceof Error ? error : { name: 'threw', message: String(error) }
    reply = { call, state: 'threw', name: name.slice(0, 50), message: message.slice(0, 500) }
  }
  return { [displaySymbol]: () => ({ [replyType]: reply, 'text/plain': reply.state }) }
}
