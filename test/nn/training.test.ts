import {
  adam,
  adamw,
  batchNorm,
  cosine,
  crossEntropy,
  gelu,
  type Layer,
  linear,
  mse,
  relu,
  sequential,
  sgd,
  type Tensor,
  tanh,
  tensor,
  useBackend,
} from 'downhill'
import { afterEach, describe, test } from 'vitest'
import { expectGolden, type Fixture, goldenCases } from '../support/golden.js'
import { entry, type Matrix, ours } from '../support/layers.js'

afterEach(() => useBackend('reference'))

/** float32 rounds each operation by 6e-8; over 20 steps, whose gradients Adam divides by their own size, weights stay within this. */
const float32Bound = 5e-4

// Batch norm takes away what the bias before it adds: its true gradient is 0. Adam divides what rounding leaves of that by its own size, so in float32 this
// bias walks at random, the running mean follows it, and evaluation lags behind both. There the losses and all other weights are compared.

interface Network {
  in: number
  hidden: number
  out: number
  layers: string
  batchnorm: { momentum: number; eps: number } | null
}

type Numbers = Record<string, number | Matrix>

const activations: Record<string, () => Layer> = { relu, tanh, gelu }

/** fc1 → (bn) → activation → fc2, under the fixture's names. */
function networkOf({ layers, batchnorm, in: inputs, hidden, out }: Network): Layer {
  const activation = layers.split(' -> ').find((name) => Object.hasOwn(activations, name))!
  return sequential({
    fc1: linear(inputs, hidden),
    ...(batchnorm && { bn: batchNorm(hidden, batchnorm) }),
    activation: activations[activation]!(),
    fc2: linear(hidden, out),
  })
}

function optimizerOf(fixture: Fixture, params: Tensor[]) {
  const { impl, hyper } = fixture.optimizer as { impl: string; hyper: Record<string, number> }
  const scheduler = fixture.scheduler as { args: { T_max: number } } | null
  const start = hyper.lr!
  const lr = scheduler ? cosine({ peak: start, total: scheduler.args.T_max }) : start
  if (impl.endsWith('.SGD')) return sgd(params, { lr, momentum: hyper.momentum! })
  const make = impl.endsWith('.AdamW') ? adamw : adam
  return make(params, { lr, weightDecay: hyper.weight_decay!, eps: hyper.eps! })
}

describe.each(['reference', 'simd'] as const)('on %s', (name) => {
  test.each(goldenCases('mlp_training', 'nn/training'))(
    'PyTorch: $id, all 20 steps',
    async (fixture) => {
      await useBackend(name)
      const tol = name === 'reference' ? fixture.tol : float32Bound
      const same = (got: ArrayLike<number>, theirs: number | Matrix, what: string) =>
        expectGolden(got, entry(theirs).data, tol, `${fixture.id}, ${what}`)
      const network = fixture.model as Network
      const model = networkOf(network)
      const adaptive = !(fixture.optimizer as { impl: string }).impl.endsWith('.SGD')
      const arbitrary = new Set(
        name === 'simd' && network.batchnorm && adaptive ? ['fc1.bias', 'bn.running_mean'] : [],
      )
      const stateOf = (values: Numbers) =>
        Object.fromEntries(
          Object.entries(values).map(([path, value]) => [ours(path), entry(value)]),
        )
      model.loadStateDict(stateOf(fixture.init as Numbers))
      const optimizer = optimizerOf(fixture, model.parameters())
      const loss = fixture.loss === 'mse' ? mse : crossEntropy
      const { X, Y } = fixture as unknown as { X: Matrix; Y: Matrix }
      const [n, features] = X.shape as [number, number]
      const width = Y.shape[1] ?? 1
      const size = (fixture.batch as number | null) ?? n
      const after = fixture.after as Record<string, Numbers>
      const first = fixture.first as { logits: Matrix; grads: Numbers }
      const rows = ({ data, shape }: Matrix, from: number, count: number, columns: number) =>
        tensor(data.slice(from * columns, (from + count) * columns), {
          shape: [count, ...shape.slice(1)],
        })
      for (let step = 0; step < (fixture.steps as number); step++) {
        const from = (step * size) % n
        optimizer.zeroGrad()
        const logits = model(rows(X, from, size, features))
        const value = loss(logits, rows(Y, from, size, width))
        same(await value.data(), (fixture.losses as number[])[step]!, `loss before step ${step}`)
        if (step === 0) same(await logits.data(), first.logits, 'first logits')
        value.backward()
        if (step === 0)
          for (const [path, param] of Object.entries(model.namedParameters()))
            same(await param.grad!.data(), first.grads[path]!, `gradient of ${path}`)
        optimizer.step()
        const expected = after[step + 1]
        if (!expected) continue
        const state = await model.stateDict()
        for (const [path, values] of Object.entries(expected).filter(
          ([path]) => !arbitrary.has(path),
        ))
          same(state[ours(path)]!.data, values, `${path} after ${step + 1} steps`)
      }
      if (arbitrary.size > 0) return
      model.evaluate()
      const logits = model(rows(X, 0, n, features))
      same(await logits.data(), fixture.eval_logits as Matrix, 'logits in evaluation')
      same(
        await loss(logits, rows(Y, 0, n, width)).data(),
        fixture.eval_loss as number,
        'loss in evaluation',
      )
    },
  )
})
