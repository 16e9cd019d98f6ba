import type { Tensor } from '../nn/tensor.js'
import { Lbfgs } from '../optimizers/lbfgs.js'
import type { OptimizerState } from '../optimizers/state.js'
import type { Plateau } from '../schedules/reduceOnPlateau.js'

/**
 * What `fit` needs of an optimizer: any that `defineOptimizer` made, `lookahead(…)`, or one of your own. Schedules are options of its groups, as always.
 * L-BFGS is none: its step evaluates the loss many times, over the same data.
 */
export interface Trainable {
  readonly name: string
  /** Its parameters, in groups; `lr` of a group, a number or a schedule, is what a history shows. */
  readonly groups: readonly { readonly params: readonly Tensor[] }[]
  /** How often `step()` was called. */
  readonly steps: number
  /** Forgets all gradients. */
  zeroGrad(): void
  /** One step along the gradients that are there. */
  step(): void
  /** All that it keeps, as plain data. */
  stateDict(): Promise<OptimizerState>
  /** Goes on where `stateDict()` was taken. @throws RangeError if it does not fit; nothing is changed then */
  loadStateDict(state: OptimizerState): void
  /** It keeps averaged weights, to be measured and used in place of those that train. */
  readonly averages?: boolean
  /** Puts the averaged weights into the parameters. */
  evaluate?(): void
  /** Puts those that train back. */
  train?(): void
}

const methods = ['zeroGrad', 'step', 'stateDict', 'loadStateDict'] as const

/** Refuses what `fit` cannot use, with the way out. */
export function checkOptimizer(
  owner: string,
  optimizer: Trainable,
  model: { parameters(): readonly Tensor[] },
): void {
  if ((optimizer as unknown) instanceof Lbfgs)
    throw new TypeError(
      `${owner}: lbfgs evaluates its loss many times within a step, over the same data, and ${owner} gives it one batch after the other; write the loop: for (…) await optimizer.step(() => loss of all data)`,
    )
  const missing = methods.find((name) => typeof optimizer?.[name] !== 'function')
  if (missing)
    throw new TypeError(
      `${owner}: optimizer must be one, such as adamw(model.parameters(), { lr: 1e-3 }); got ${typeof optimizer} without ${missing}()`,
    )
  const params = new Set(model.parameters())
  if (params.size === 0) throw new RangeError(`${owner}: the model has no parameters to train`)
  if (!optimizer.groups.some((group) => group.params.some((param) => params.has(param))))
    throw new RangeError(
      `${owner}: the optimizer has none of the model's parameters: was the model made anew? Make it for this one: adamw(model.parameters(), …)`,
    )
}

/**
 * The parameters that a step moves, in the order of the model, and those of the model that it leaves alone: what adds up in their gradients is nobody's, and
 * in a common norm it would shrink the steps of the others.
 */
export function movedBy(
  optimizer: Trainable,
  model: { parameters(): readonly Tensor[] },
): { params: Tensor[]; others: Tensor[] } {
  const moved = new Set(optimizer.groups.flatMap((group) => group.params))
  const own = model.parameters()
  const params = [...new Set([...own.filter((param) => moved.has(param)), ...moved])]
  return { params, others: own.filter((param) => !moved.has(param)) }
}

/** Refuses an optimizer that also moves what is not in the model, where the model's state is all that is kept. */
export function checkAllInModel(
  owner: string,
  what: string,
  optimizer: Trainable,
  model: { parameters(): readonly Tensor[] },
): void {
  const own = new Set(model.parameters())
  const other = optimizer.groups.flatMap(({ params }) => params).find((param) => !own.has(param))
  if (other)
    throw new RangeError(
      `${owner}: ${what} the parameters of the model alone, and the optimizer also moves ${other}; make it a part of the model: defineLayer({ name, parameters: { … }, children: { … }, forward })`,
    )
}

const optionsOf = (optimizer: Trainable): Readonly<Record<string, unknown>>[] =>
  optimizer.groups.map((group) => group as unknown as Record<string, unknown>)

/** The learning rate of each group at the step before the next. */
export const lastRates = (optimizer: Trainable): number[] =>
  optionsOf(optimizer).flatMap(({ lr }) => {
    if (typeof lr === 'number') return [lr]
    return typeof lr === 'function' ? [lr(Math.max(0, optimizer.steps - 1)) as number] : []
  })

/** Each plateau among the options, once. */
export function plateausOf(optimizer: Trainable): Plateau[] {
  const isPlateau = (value: unknown): value is Plateau =>
    typeof value === 'function' && 'observe' in value && 'stateDict' in value
  return [...new Set(optionsOf(optimizer).flatMap((group) => Object.values(group)))].filter(
    isPlateau,
  )
}
