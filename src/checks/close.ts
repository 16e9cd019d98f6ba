import type { Plain, Verdict } from './types.js'

/** Options of `close`. */
export interface Tolerance {
  /** Largest allowed |got − expected| / max(1, |expected|), for every number. Default 1e-9. */
  tolerance?: number
  hint?: string
}

/**
 * Compares plain values: every number within |got − expected| ≤ tolerance·max(1, |expected|), everything else exactly.
 * NaN is close to NaN only. A typed array equals an array of the same numbers. Fields that were not asked for are ignored.
 */
export function close(got: Plain, expected: Plain, options: Tolerance = {}): Verdict {
  const { tolerance = 1e-9, hint } = options
  const first = difference(got, expected, tolerance, '')
  const verdict: Verdict = { ok: first === undefined, expected: show(expected), got: show(got) }
  // Seven digits, or a long value, may hide what differs: then the first difference is shown alone, with every digit.
  if (first && (verdict.got.length > 80 || show(first.got) === show(first.expected))) {
    const where = first.path === '' ? '' : `${first.path.replace(/^\./, '')} = `
    verdict.expected = where + exact(first.expected)
    verdict.got = where + exact(first.got)
  }
  if (!verdict.ok && hint !== undefined) verdict.hint = hint
  return verdict
}

interface Difference {
  path: string
  got: Plain
  expected: Plain
}

function difference(
  got: Plain,
  expected: Plain,
  tolerance: number,
  path: string,
): Difference | undefined {
  const here = { path, got, expected }
  if (typeof expected === 'number') {
    if (typeof got !== 'number') return here
    if (Object.is(got, expected) || got === expected) return undefined
    if (!Number.isFinite(got) || !Number.isFinite(expected)) return here
    return Math.abs(got - expected) <= tolerance * Math.max(1, Math.abs(expected))
      ? undefined
      : here
  }
  const list = listOf(expected)
  if (list) {
    const items = listOf(got)
    if (items?.length !== list.length) return here
    for (const [i, item] of list.entries()) {
      const found = difference(items[i], item, tolerance, `${path}[${i}]`)
      if (found) return found
    }
    return undefined
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof got !== 'object' || got === null || listOf(got)) return here
    for (const [key, value] of Object.entries(expected)) {
      const field = Object.hasOwn(got, key) ? Reflect.get(got, key) : undefined
      const found = difference(field, value, tolerance, `${path}.${key}`)
      if (found) return found
    }
    return undefined
  }
  return got === expected ? undefined : here
}

function listOf(
  value: Plain,
):
  | (ArrayLike<Plain> & Iterable<Plain> & { entries(): IterableIterator<[number, Plain]> })
  | undefined {
  if (Array.isArray(value)) return value
  if (value instanceof Float64Array || value instanceof Float32Array) return Array.from(value)
  return undefined
}

/** A value as a learner reads it: numbers to 7 significant digits, cut at 120 characters. */
export function show(value: Plain): string {
  const text = print(value, (x) => String(Number(x.toPrecision(7))))
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}

function exact(value: Plain): string {
  const text = print(value, String)
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}

function print(value: Plain, number: (x: number) => string): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : number(value)
  if (typeof value === 'string') return JSON.stringify(value)
  const list = listOf(value)
  if (list) return `[${Array.from(list, (item) => print(item, number)).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([key, item]) => `${key}: ${print(item, number)}`)
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
  }
  return String(value)
}
