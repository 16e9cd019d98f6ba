import type { Plain } from './types.js'

const maxDepth = 20
const maxItems = 1_000_000

/**
 * A structural copy: numbers, strings, booleans, null, undefined, typed arrays of floats, arrays, objects' own values.
 * A check compares only such copies, so that an object which claims to equal everything, or a getter that answers
 * differently each time, is worth no more than what it holds. Functions, symbols, bigints and cycles are refused.
 */
export function plain(value: unknown): Plain {
  let items = 0
  const copy = (from: unknown, depth: number): Plain => {
    if (++items > maxItems) throw new TypeError(`a value of more than ${maxItems} parts`)
    if (depth > maxDepth)
      throw new TypeError(`a value nested deeper than ${maxDepth}, or in a circle`)
    switch (typeof from) {
      case 'undefined':
      case 'boolean':
      case 'number':
      case 'string':
        return from
      case 'object':
        break
      default:
        throw new TypeError(
          `a ${typeof from}, where numbers, strings, arrays and objects can be checked`,
        )
    }
    if (from === null) return null
    if (from instanceof Float64Array) return Float64Array.from(from)
    if (from instanceof Float32Array) return Float32Array.from(from)
    if (Array.isArray(from)) {
      const length = Math.min(from.length, maxItems + 1)
      return Array.from({ length }, (_, i) => copy(from[i], depth + 1))
    }
    const fields: [string, Plain][] = []
    for (const key of Object.keys(from)) fields.push([key, copy(Reflect.get(from, key), depth + 1)])
    // fromEntries defines own properties: a key "__proto__" stays an ordinary field.
    return Object.fromEntries(fields)
  }
  return copy(value, 0)
}
