import { declaredNames, peek, unknown } from './evaluate.js'

interface Refusal {
  /** What the function is called. */
  name: string
  /** The cell that was to replace it. */
  cell: number
}

/** Functions that a cell was to replace which did not run. By the function: whoever replaces it later makes another one. */
const outdated = new WeakMap<object, Refusal>()

/** Cell `cell`, which declares `names`, was refused. Returns those that have a value: they keep it. */
export function refuse(names: readonly string[], cell: number): string[] {
  const known = new Set(declaredNames())
  return names.filter((name) => {
    const value = known.has(name) ? peek(name) : unknown
    if (typeof value === 'function') outdated.set(value, { name, cell })
    return value !== unknown
  })
}

/** The newest refusal of a function, for `check`. */
export const refusalOf = (value: unknown): Refusal | undefined =>
  typeof value === 'function' ? outdated.get(value) : undefined
