import { declaredNames, peek, unknown } from './evaluate.js'
import type { Refusal } from './protocol.js'

/** Functions that a cell was to replace which did not run. By the function: whoever replaces it later makes another one. */
const outdated = new WeakMap<object, Refusal>()

/** Names that had no value when a cell was to give them one, and that cell. Who has found a name needs no entry. */
const missing = new Map<string, number>()

/** Cell `cell`, which declares `names`, was refused. Returns those that have a value: they keep it. */
export function refuse(names: readonly string[], cell: number): string[] {
  const known = new Set(declaredNames())
  return names.filter((name) => {
    const value = known.has(name) ? peek(name) : unknown
    // `const step = other`: declared again it is the same function, and its entry would stay.
    if (typeof value === 'function' && peek(`${name}.name`) === name)
      outdated.set(value, { name, cell })
    if (value === unknown) missing.set(name, cell)
    return value !== unknown
  })
}

/** Those of the names that a refused cell was to make. */
export const awaited = (names: readonly string[]): Refusal[] =>
  names.flatMap((name) => {
    const cell = missing.get(name)
    return cell === undefined ? [] : { name, cell }
  })

/** The newest refusal of a function, for `check`. */
export const refusalOf = (value: unknown): Refusal | undefined =>
  typeof value === 'function' ? outdated.get(value) : undefined
