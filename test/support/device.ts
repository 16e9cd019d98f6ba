import {
  adam,
  adamw,
  type BackendName,
  clipGradNorm,
  clipGradValue,
  cosine,
  parameter,
  sgd,
  type Tensor,
  table,
  tensor,
  trace,
  useBackend,
  warmupCosine,
} from 'downhill'

/** Largest |ours − theirs| of each quantity, as a share of max|theirs|; `theirs` on the reference. */
export interface Comparison {
  /** What really ran: "gpu: webasm". */
  backend: string
  errors: Record<string, number>
}

/** What float32 backends are held to. One rounding is 6e-8; the measured values are in ARCHITECTURE, The library. */
export const deviceBound = 1e-6

const optimizers = {
  'sgd with momentum': (params: Tensor[]) =>
    sgd(params, { lr: 0.05, momentum: 0.9, weightDecay: 0.01 }),
  'sgd nesterov': (params: Tensor[]) => sgd(params, { lr: 0.05, momentum: 0.9, nesterov: true }),
  adam: (params: Tensor[]) => adam(params, { lr: 0.01, weightDecay: 0.1, maximize: true }),
  'adam amsgrad': (params: Tensor[]) => adam(params, { lr: 0.01, amsgrad: true }),
  adamw: (params: Tensor[]) => adamw(params, { lr: cosine({ peak: 0.01, total: 20 }) }),
}

/** Runs the same work on `name` and on the reference: optimizers over random arrays, autograd, clipping, trace, table. */
export async function compareWithReference(name: BackendName): Promise<Comparison> {
  const theirs = await workOn('reference')
  const ours = await workOn(name)
  const errors: Record<string, number> = {}
  for (const [what, values] of Object.entries(theirs.results))
    errors[what] = error(ours.results[what]!, values)
  return { backend: ours.backend, errors }
}

function error(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY
  const largest = Math.max(...Array.from(theirs, Math.abs))
  return Math.max(...Array.from(theirs, (value, k) => Math.abs(ours[k]! - value))) / largest
}

/** Float32 numbers in [−2, 2), the same on every machine: a linear congruential generator. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.fround((state / 2 ** 32) * 4 - 2)
  }
}

async function workOn(name: BackendName) {
  const backend = await useBackend(name)
  const results: Record<string, ArrayLike<number>> = {}
  for (const [what, make] of Object.entries(optimizers)) {
    const next = random(7)
    const numbers = (length: number) => Array.from({ length }, next)
    const params = [
      parameter(numbers(1003)),
      parameter(numbers(1)),
      parameter(numbers(6), { shape: [2, 3] }),
    ]
    const optimizer = make(params)
    for (let step = 0; step < 12; step++) {
      for (const param of params) param.grad = tensor(numbers(param.size), { shape: param.shape })
      optimizer.step()
    }
    for (const [k, param] of params.entries())
      results[`${what}, parameter ${k}`] = await param.data()
    const { params: states } = await optimizer.stateDict()
    for (const [k, { arrays }] of states.entries())
      for (const [key, values] of Object.entries(arrays))
        results[`${what}, ${key} of parameter ${k}`] = values
  }
  await autograd(results)
  for (const optimizer of [sgd, adam, adamw]) {
    const walk = { start: 2, gradient: (x: number) => 2 * x, steps: 5, options: { lr: 0.01 } }
    const rows = await trace(optimizer, { ...walk, backend: name })
    for (const column of Object.keys(rows[0]!))
      results[`trace of ${optimizer.name}, ${column}`] = rows.map((row) => row[column]!)
  }
  const schedule = warmupCosine({ peak: 0.001, warmup: 100, total: 1000, floor: 0.0001 })
  results.table = (await table(schedule, 1000, { backend: name })).map(({ rate }) => rate)
  await useBackend('reference')
  return { backend, results }
}

async function autograd(results: Record<string, ArrayLike<number>>): Promise<void> {
  const next = random(11)
  const numbers = (length: number) => Array.from({ length }, next)
  const [x, y] = [parameter(numbers(500)), parameter(numbers(500))]
  const valley = x.square().add(y.pow(4).mul(50)).div(y.square().add(1)).sub(x.mul(y)).mean()
  valley.backward()
  results['autograd, value'] = [await valley.item()]
  results['autograd, gradient'] = await x.grad!.data()
  results['clipGradNorm, norm'] = [await clipGradNorm([x, y], 0.5).item()]
  results['clipGradNorm, largest'] = [
    await clipGradNorm([x, y], 100, { p: Number.POSITIVE_INFINITY }).item(),
  ]
  results['clipGradNorm, p = 3'] = [await clipGradNorm([x, y], 100, { p: 3 }).item()]
  results['clipGradNorm, gradient'] = await y.grad!.data()
  clipGradValue([x], 0.01)
  results['clipGradValue, gradient'] = await x.grad!.data()
}
