import { checkOption, count, period } from '../backend/options.js'
import type { Tensor } from '../nn/tensor.js'

/**
 * Stops training these parameters: they get no gradient, and optimizers leave them and their state alone.
 * @example freeze(backbone)
 */
export function freeze(params: readonly Tensor[]): void {
  for (const param of params) {
    param.requiresGrad = false
    param.grad = null
  }
}

/** Trains these parameters (again). Their state goes on where it stopped. */
export function unfreeze(params: readonly Tensor[]): void {
  for (const param of params) param.requiresGrad = true
}

/** Options of `stagedUnfreeze`. */
export interface StagedUnfreeze {
  /** Epochs between two stages. */
  every?: number
}

/**
 * Trains the first stage (the head) alone, and one stage more (deeper and deeper) after each `every` epochs.
 * Source    Howard & Ruder 2018, arXiv:1801.06146, §3.3, "gradual unfreezing".
 * @returns called with the epoch, from 0, before it begins: freezes what waits, and gives how many stages train
 * @throws RangeError without stages, or unless `every` is a whole number ≥ 1
 * @example
 * const stage = stagedUnfreeze([head, block2, block1], { every: 2 })
 * stage(0) // 1: the head trains
 * stage(2) // 2
 * stage(4) // 3
 */
export function stagedUnfreeze(
  stages: readonly (readonly Tensor[])[],
  { every = 1 }: StagedUnfreeze = {},
): (epoch: number) => number {
  checkOption('stagedUnfreeze', 'every', period(), every)
  if (stages.length === 0)
    throw new RangeError('stagedUnfreeze: it needs at least one stage, got none')
  return (epoch) => {
    checkOption('stagedUnfreeze', 'the epoch', count(), epoch)
    const training = Math.min(stages.length, 1 + Math.floor(epoch / every))
    for (const [k, params] of stages.entries()) {
      if (k < training) unfreeze(params)
      else freeze(params)
    }
    return training
  }
}
