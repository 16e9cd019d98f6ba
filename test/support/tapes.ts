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

/** PyTorch's names that most of its rules share. */
export const torchNames = {
  lr: 'lr',
  betas: ['beta1', 'beta2'],
  eps: 'eps',
  weight_decay: 'weightDecay',
  maximize: 'maximize',
} as const

/** PyTorch's hyperparameters as our options; `decoupled_weight_decay` says which optimizer it is. */
export function toOptions(hyper: Record<string, unknown>): Record<string, number | boolean> {
  const options: Record<string, number | boolean> = {}
  for (const [key, value] of Object.entries(hyper)) {
    if (key === 'params' || key === 'decoupled_weight_decay') continue
    const name = Object.hasOwn(torchNames, key) ? torchNames[key as keyof typeof torchNames] : key
    if (typeof name === 'string') options[name] = value as number | boolean
    else [options.beta1, options.beta2] = value as [number, number]
  }
  return options
}

export const optimizerOf = (impl: string) =>
  ({
    'torch.optim.SGD': sgd,
    'torch.optim.Adam': adam,
    'torch.optim.AdamW': adamw,
  })[impl] ?? expect.fail(`no optimizer for ${impl}`)

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

/** How a library's case is told in our words. */
export interface Library {
  /** Its hyperparameters as our options. Undefined ones are left out. */
  options(hyper: Record<string, never>): Record<string, unknown>
  /** Its names of state → ours; a name of `scalars` is compared with that; '-m': ours with the other sign; null: ours has no such state (say why beside it). */
  state: Readonly<Record<string, string | null>>
}

/**
 * Its hyperparameters → ours, several for a list; null: ours has no such option, so it must be off; `{ is }`: ours always
 * does this. `fixed`: what its rule always does.
 */
export function libraryOf(
  names: Readonly<Record<string, string | readonly string[] | null | { is: unknown }>>,
  state: Library['state'],
  fixed: Record<string, unknown> = {},
): Library {
  const options = (hyper: Record<string, unknown>): Record<string, unknown> => {
    const ours: Record<string, unknown> = { ...fixed }
    for (const [key, value] of Object.entries(hyper)) {
      if (key === 'params') continue // of a group
      const name = names[key]
      if (name === undefined) expect.fail(`the test does not say what ours calls ${key}`)
      else if (name === null) expect(value || null, `${key}, which ours has not`).toBeNull()
      else if (typeof name === 'string') ours[name] = value ?? undefined
      else if ('is' in name) expect(value, key).toBe(name.is)
      else for (const [k, each] of name.entries()) ours[each] = (value as unknown[])[k]
    }
    return ours
  }
  return { options, state }
}

/** Names that most rules of Optax share. */
export const optaxNames = {
  learning_rate: 'lr',
  b1: 'beta1',
  b2: 'beta2',
  eps: 'eps',
  eps_root: null,
  weight_decay: 'weightDecay',
} as const

/** PyTorch, whose names `toOptions` and `stateNames` know. */
export const torch: Library = { options: toOptions, state: stateNames }

type Stored = number | { data: number[] }

/** What the library kept for tensor i, by its own names: PyTorch's by tensor, Optax's by name. */
function storedState(fixture: Fixture, i: number): Record<string, Stored> {
  const { params, optax } = fixture.state as {
    params?: Record<string, Record<string, Stored>>
    optax?: unknown
  }
  if (params) return params[i] ?? {}
  const found: Record<string, Stored> = {}
  const walk = (value: unknown, key: string) => {
    if (Array.isArray(value) && key !== '') {
      const own = value[i]
      if (typeof own === 'number' || (own && typeof own === 'object' && 'data' in own))
        found[key] = own
    } else if (typeof value === 'number') found[key] = value
    else if (value && typeof value === 'object' && !('data' in value))
      for (const [name, inner] of Object.entries(value))
        walk(inner, Array.isArray(value) ? '' : name)
  }
  walk(optax, '')
  return found
}

/** Holds the final state against the fixture's. `order[i]`: index of tensor i among the optimizer's parameters. */
export async function expectState(
  optimizer: Pick<Optimizer, 'stateDict'>,
  fixture: Fixture,
  order: readonly number[],
  { state: names }: Pick<Library, 'state'> = torch,
): Promise<void> {
  const ours = (await optimizer.stateDict()).params
  for (const [i, index] of order.entries()) {
    const { t, arrays, scalars } = ours[index]!
    for (const [key, value] of Object.entries(storedState(fixture, i))) {
      const where = `${fixture.id}, ${key} of tensor ${i}`
      if (key === 'params') continue // of a group
      const name = names[key]
      if (/^(step|count)$/.test(key) && name === undefined)
        expectGoldenState(t, value as number, 0, where)
      else if (name === undefined) expect.fail(`${where}: the test does not say what ours calls it`)
      else if (name !== null) {
        const sign = name.startsWith('-') ? -1 : 1
        const own = name.replace(/^-/, '')
        const kept =
          arrays[own] ?? scalars[own] ?? expect.fail(`${where}: ours has no state ${own}`)
        expectGoldenState(
          typeof kept === 'number' ? sign * kept : kept.map((each) => sign * each),
          typeof value === 'number' ? value : value.data,
          fixture.state_tol as number,
          where,
        )
      }
    }
  }
}

/** Walks one optimizer over a tape and compares every step, averaged weights too where the case has them, and the final state. */
export async function walkTape(
  fixture: Fixture,
  tape: Tape,
  make: AnyOptimizer = optimizerOf(fixture.impl),
  library: Library = torch,
): Promise<void> {
  const params = tapeParameters(tape)
  const given = Object.entries(library.options(fixture.hyper as Record<string, never>))
  const known = given.filter(([name, value]) =>
    library === torch ? name in make.compiler.spec : value !== undefined,
  )
  const optimizer = make(params as never, Object.fromEntries(known) as never) as Optimizer
  for (let t = 0; t < tape.grads.length; t++) {
    giveGradients(params, tape, t)
    optimizer.step()
    await expectParams(params, fixture, t)
    if (!fixture.eval_params) continue
    optimizer.evaluate()
    await expectParams(params, { ...fixture, params: fixture.eval_params }, t)
    optimizer.train()
  }
  await expectState(
    optimizer,
    fixture,
    params.map((_, i) => i),
    library,
  )
}
