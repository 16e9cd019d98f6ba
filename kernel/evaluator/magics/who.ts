import { records } from '../../../src/host/records.js'
import { displaySymbol, type MimeBundle } from '../../../src/host/types.js'
import { text } from '../../display/text.js'
import { isMentioned } from '../cells.js'
import { declaredNames, peek, unknown } from '../evaluate.js'
import type { Magic } from './types.js'

const widest = 60

/** `%who`: the names that cells declared and imported, without running any of the learner's getters. */
export const who: Magic = async ({ args, print, display }) => {
  // Helpers that the compiler adds are in no cell's text.
  const names = declaredNames().filter(isMentioned).sort()
  const rows = names
    .map((name) => ({ name, value: peek(name) }))
    .filter(({ value }) => value !== unknown)
    .map(({ name, value }) => ({ name, type: typeName(value), value: short(value) }))
    .filter(({ type }) => args === '' || type.toLowerCase().startsWith(args.toLowerCase()))
  if (rows.length > 0) display(records(rows)[displaySymbol]() as MimeBundle)
  else print(args === '' ? 'There are no variables yet.\n' : `No variable is of type ${args}.\n`)
  return undefined
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'function')
    return /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'function'
  if (typeof value !== 'object') return typeof value
  const name: unknown = value.constructor?.name
  const { length } = value as { length?: unknown }
  const size = Array.isArray(value) || ArrayBuffer.isView(value) ? `(${length})` : ''
  return `${typeof name === 'string' && name !== '' ? name : 'object'}${size}`
}

function short(value: unknown): string {
  const line = typeof value === 'function' ? '' : text(value).replace(/\s+/g, ' ')
  return line.length > widest ? `${line.slice(0, widest - 1)}…` : line
}
