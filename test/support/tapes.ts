import {
  type AnyOptimizer,
  adam,
  adamw,
  type Optimizer,
  parameter,
  sgd,
  type Tensor,
  tensor,
} from 'downhill'
import { expect } from 'vitest'
import { expectGolden, expectGoldenState, type Fixture, type Tape } from './golden.js'

/** PyTorch's names for what ours keep. */
const stateNames: Record<string, string> = {
  momentum_buffer: 'm',
  exp_avg: 'm',
  exp_avg_sq: 'v',
  max_exp_avg_sq: 'vMax',
}

/** PyTorch's hyperparameters as our options; `decoupled_weight_decay` says which optimizer it is. */
export function toOptions(hyper: Record<string, unknown>): Record<string, number | boolean> {
  const options: Record<string, number | boolean> = {}
  for (const [name, value] of Object.entries(hyper)) {
    if (name === 'params' || name === 'decoupled_weight_decay') continue
    if (name === 'betas') [options.beta1, options.beta2] = value as [number, number]
    else options[name === 'weight_decay' ? 'weightDecay' : name] = value as number | boolean
  }
  return options
}

export const optimizerOf = (impl: string) =>
  ({ 'torch.optim.SGD': sgd, 'torch.optim.Adam': adam, 'torch.optim.AdamW': adamw })[impl] ??
  expect.fail(`no optimizer for ${impl}`)

export const tapeParameters = ({ shapes, params }: Tape): Tensor[] =>
  params.map((values, i) => parameter(values, { shape: shapes[i]!, name: `tensor ${i}` }))

/** Gives every parameter its gradient of step t. */
export function giveGradients(params: readonly Tensor[], { grads, shapes }: Tape, t: number): void {
  for (const [i, param] of params.entries()) {
    const values = grads[t]![i]!
    param.grad = values && tensor(values, { shape: shapes[i]! })
  }
}

/** Holds the parameters after step t against the fixture's. */
export async function expectParams(
  params: readonly Tensor[],
  fixture: Fixture,
  t: number,
): Promise<void> {
  const theirs = (fixture.params as number[][][])[t]!
  for (const [i, param] of params.entries())
    expectGolden(
      await param.data(),
      theirs[i]!,
      fixture.tol,
      `${fixture.id}, step ${t}, tensor ${i}`,
    )
}

type TorchState = { params: Record<string, Record<string, number | { data: number[] }>> }

/** Holds the final state against the fixture's. `order[i]`: index of tensor i among the optimizer's parameters. */
export async function expectState(
  optimizer: Pick<Optimizer, 'stateDict'>,
  fixture: Fixture,
  order: readonly number[],
): Promise<void> {
  const ours = (await optimizer.stateDict()).params
  for (const [i, theirs] of Object.entries((fixture.state as TorchState).params)) {
    const { t, arrays } = ours[order[Number(i)]!]!
    for (const [key, value] of Object.entries(theirs)) {
      const where = `${fixture.id}, ${key} of tensor ${i}`
      if (key === 'step') expectGoldenState(t, value as number, 0, where)
      else
        expectGoldenState(
          arrays[stateNames[key]!]!,
          (value as { data: number[] }).data,
          fixture.state_tol as number,
          where,
        )
    }
  }
}

/** Walks one optimizer over a tape and compares every step and the final state. */
export async function walkTape(
  fixture: Fixture,
  tape: Tape,
  make: AnyOptimizer = optimizerOf(fixture.impl),
): Promise<void> {
  const params = tapeParameters(tape)
  const given = toOptions(fixture.hyper as Record<string, unknown>)
  const known = Object.entries(given).filter(([name]) => name in make.compiler.spec)
  const optimizer = make(params as never, Object.fromEntries(known) as never)
  for (let t = 0; t < tape.grads.length; t++) {
    giveGradients(params, tape, t)
    optimizer.step()
    await expectParams(params, fixture, t)
  }
  await expectState(
    optimizer,
    fixture,
    params.map((_, i) => i),
  )
}
