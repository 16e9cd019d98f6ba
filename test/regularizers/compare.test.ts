import { adam, adamw, l1Penalty, sgd, type Tensor } from 'downhill'
import { expect, test } from 'vitest'
import { expectGolden, fixtures, goldenCases } from '../support/golden.js'
import { regressionOf, valuesOf, weightsOf } from '../support/regression.js'

const [fixture] = goldenCases('regularizers', 'regularizers/compare')
const data = fixtures('regularizers').cases.find(({ id }) => id === 'linear_regression_path')!
const { lr, weight_decay: decay, steps } = fixture!.args as Record<string, number>

interface Run {
  loss_before_step: number[]
  weight_norm_after_step: number[]
  w_final: number[]
}

const arms: Record<string, (w: Tensor[]) => { optimizer: { step(): void }; l1?: number }> = {
  adam_none: (w) => ({ optimizer: adam(w, { lr: lr! }) }),
  adam_l2: (w) => ({ optimizer: adam(w, { lr: lr!, weightDecay: decay! }) }),
  adamw: (w) => ({ optimizer: adamw(w, { lr: lr!, weightDecay: decay! }) }),
  sgd_none: (w) => ({ optimizer: sgd(w, { lr: lr! }) }),
  sgd_l2: (w) => ({ optimizer: sgd(w, { lr: lr!, weightDecay: decay! }) }),
  adam_l1: (w) => ({ optimizer: adam(w, { lr: lr! }), l1: decay! }),
}

test('these are all', () => {
  const theirs = Object.keys(fixture!).filter((key) => /^(adam|sgd)/.test(key))
  expect(Object.keys(arms).sort()).toEqual(theirs.sort())
})

/** No penalty, L2 inside Adam, AdamW, L2 inside SGD, L1: every loss and weight norm on the way, and the weights at the end. */
test.each(Object.entries(arms))(`${fixture!.impl}: ${fixture!.id}, %s`, (name, arm) => {
  const theirs = fixture![name] as Run
  const { residual } = regressionOf(data)
  const w = weightsOf(fixture!.w0 as number[])
  const { optimizer, l1 } = arm(w)
  const [losses, norms]: number[][] = [[], []]
  for (let step = 0; step < steps!; step++) {
    for (const weight of w) weight.grad = null
    const fit = residual(w).square().mean()
    const loss = l1 ? fit.add(l1Penalty(w, l1)) : fit
    loss.backward()
    losses!.push(loss.itemSync())
    optimizer.step()
    norms!.push(Math.hypot(...valuesOf(w)))
  }
  const { tol } = fixture!
  expectGolden(losses!, theirs.loss_before_step, tol, `${name}, loss`)
  expectGolden(norms!, theirs.weight_norm_after_step, tol, `${name}, norm of the weights`)
  expectGolden(valuesOf(w), theirs.w_final, tol, `${name}, weights`)
})
