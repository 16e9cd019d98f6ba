import type { Backend, DeviceArray } from '../../backend/backend.js'
import {
  checkedOptions,
  checkNames,
  type OptionSpec,
  type Resolved,
} from '../../backend/options.js'
import { sameShape } from '../broadcast.js'
import type { Tensor } from '../tensor.js'

/** What becomes of the losses of all elements or rows. */
export type Reduction = 'mean' | 'sum' | 'none'

/** Part of a rule: 1 where t is a class number, else NaN, for nothing is read back. */
export const knownClass = 't >= 0 && t < classes && t === Math.floor(t) ? 1 : Infinity - Infinity'

/** Options over their defaults, each checked. `others` are names that the caller looks at itself. */
export function lossOptions<Spec extends OptionSpec>(
  owner: string,
  spec: Spec,
  given: object,
  ...others: string[]
): Resolved<Spec> {
  checkNames(owner, { ...spec, ...Object.fromEntries(others.map((name) => [name, true])) }, given)
  const own = Object.entries(given).filter(([name]) => !others.includes(name))
  return checkedOptions(owner, spec, Object.fromEntries(own))
}

/** Rows and classes of logits; `shares`: the target has one row of shares for each, not one class number. */
export function classTarget(owner: string, logits: Tensor, target: Tensor) {
  const { shape } = logits
  const classes = shape.at(-1)
  if (classes === undefined || shape.length > 2 || logits.size === 0)
    throw new RangeError(
      `${owner}: logits must be [rows, classes] or [classes], got ${logits}; reshape them`,
    )
  const shares = sameShape(target.shape, shape)
  if (!shares && !sameShape(target.shape, shape.slice(0, -1)))
    throw new RangeError(
      `${owner}: ${target} fits no ${logits}; give one class number a row, [${shape.slice(0, -1).join(', ')}], or shares of the same shape`,
    )
  if (target.backend !== logits.backend)
    throw new TypeError(
      `${owner}: ${logits} and ${target} must live on one backend; make them after useBackend`,
    )
  return { rows: logits.size / classes, classes, shares }
}

const numbers = new WeakMap<Backend, Map<number, { numbers: DeviceArray; ones: DeviceArray }>>()

/** 0 … classes − 1, and what each class weighs. The numbers are written once a backend. */
export function classColumns(
  owner: string,
  backend: Backend,
  classes: number,
  weight: readonly number[] | undefined,
): { numbers: DeviceArray; weights: DeviceArray } {
  let known = numbers.get(backend)
  if (!known) {
    known = new Map()
    numbers.set(backend, known)
  }
  let columns = known.get(classes)
  if (!columns) {
    const list = Array.from({ length: classes }, (_, k) => k)
    columns = { numbers: backend.write(list), ones: backend.write(list.map(() => 1)) }
    known.set(classes, columns)
  }
  if (!weight) return { numbers: columns.numbers, weights: columns.ones }
  const wrong = weight.find((value) => !(Number.isFinite(value) && value >= 0))
  if (weight.length !== classes || wrong !== undefined)
    throw new RangeError(
      `${owner}: weight must be ${classes} numbers ≥ 0, one a class, got ${wrong ?? `${weight.length}`}`,
    )
  return { numbers: columns.numbers, weights: backend.write(weight) }
}

/** Both texts of a rule, made once: a program is found by its text, and a new text has to be read each time. */
export function eitherWay(text: (condition: boolean) => string): (condition: boolean) => string {
  const [no, yes] = [text(false), text(true)]
  return (condition) => (condition ? yes : no)
}
