import type { MimeBundle } from '../../src/host/types.js'
import { text } from '../display/text.js'
import { declaredNames, peek, unknown } from './evaluate.js'
import { isHidden } from './own-names.js'

/** Questions about what exists now, answered without running any of the learner's code. */

/** What the name under the cursor is; `detail` 1 adds the source of a function or class. */
export function inspectAt(request: { code: string; cursor: number; detail: number }): {
  data?: MimeBundle
  callable?: boolean
} {
  const path = pathAt(request.code, request.cursor)
  const value = path ? peek(path) : unknown
  if (value === unknown || (value === undefined && path !== 'undefined')) return {}
  const data = { 'text/plain': describe(path, value, request.detail) }
  return { data, callable: typeof value === 'function' }
}

function describe(path: string, value: unknown, detail: number): string {
  if (typeof value !== 'function') return `${path} = ${text(value)}`
  const source = Function.prototype.toString.call(value)
  if (detail > 0) return source
  const body = source.indexOf('{')
  return body < 0 ? source : source.slice(0, body).trim() || text(value)
}

/** `rows.at(-1)!.`, `a?.b[0].`: names and places, nothing that does something. */
const simplePath = /((?:[\w$]+)(?:\.at\(-?\d+\)|\?\.[\w$]+|\.[\w$]+|\[\d+\]|!)*)\??\.([\w$]*)$/

/**
 * Names that continue what stands before the cursor. With `keys` only those that a plain object has: of a
 * Record<string, number> its type does not know the keys.
 */
export function completeAt(request: { code: string; cursor: number; keys?: boolean }): {
  matches: string[]
  start: number
  end: number
} {
  const { cursor, keys = false } = request
  const before = request.code.slice(0, cursor)
  const [, path, member] = simplePath.exec(before) ?? []
  const prefix = member ?? /[\w$]*$/.exec(before)![0]
  const value = path ? peek(path.replaceAll('!', '')) : unknown
  const names = path ? (keys ? plainKeys(value) : memberNames(value)) : keys ? [] : globalNames()
  const matches = names.filter((name) => name.startsWith(prefix) && /^[\w$]+$/.test(name))
  return { matches: [...new Set(matches)].sort(), start: cursor - prefix.length, end: cursor }
}

function plainKeys(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null ? Object.keys(value) : []
}

function globalNames(): string[] {
  const names = [...declaredNames(), ...Object.getOwnPropertyNames(globalThis)]
  return names.filter((name) => !isHidden(name))
}

function memberNames(value: unknown): string[] {
  if (value === unknown || value === undefined || value === null) return []
  const names: string[] = []
  for (let at: object | null = Object(value); at; at = Object.getPrototypeOf(at))
    if (at !== Object.prototype || names.length === 0) names.push(...Object.getOwnPropertyNames(at))
  return names
}

/** `a.b.c` around the cursor, up to the end of the name that the cursor touches. */
function pathAt(code: string, cursor: number): string {
  const [before] = /[\w$]*(?:\.[\w$]+)*\.?$/.exec(code.slice(0, cursor)) ?? ['']
  const [after] = /^[\w$]*/.exec(code.slice(cursor)) ?? ['']
  const path = `${before}${after}`.replace(/\.$/, '')
  return /^[A-Za-z_$]/.test(path) ? path : ''
}
