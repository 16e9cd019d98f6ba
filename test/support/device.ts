import {
  adabelief,
  adadelta,
  adafactor,
  adagrad,
  adam,
  adamax,
  adamw,
  adan,
  asgd,
  type BackendName,
  clipGradAdaptive,
  clipGradNorm,
  clipGradRms,
  clipGradValue,
  clipHistory,
  cosine,
  lamb,
  lars,
  lion,
  muon,
  nadam,
  novograd,
  type Optimizer,
  parameter,
  radam,
  rmsprop,
  rprop,
  scheduleFree,
  sgd,
  type Tensor,
  table,
  tensor,
  trace,
  useBackend,
  yogi,
} from 'downhill'
import { averages, penalties, projections } from './deviceRegularizers.js'
import { kernelSchedules } from './kernelSchedules.js'

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
  lion: (params: Tensor[]) => lion(params, { lr: 0.01, weightDecay: 0.1, cautious: true }),
  adan: (params: Tensor[]) => adan(params, { lr: 0.01, weightDecay: 0.1 }),
  yogi: (params: Tensor[]) => yogi(params, { lr: 0.01, weightDecay: 0.1 }),
  adabelief: (params: Tensor[]) => adabelief(params, { lr: 0.01, eps: 1e-8, epsRoot: 1e-8 }),
  scheduleFree: (params: Tensor[]) => scheduleFree(params, { lr: 0.01, warmup: 4 }),
  adafactor: (params: Tensor[]) => adafactor(params, { lr: 0.01, weightDecay: 0.1 }),
  muon: (params: Tensor[]) => muon(params.slice(2), { lr: 0.01, nesterov: false }),
  lamb: (params: Tensor[]) => lamb(params, { lr: 0.02 }),
  lars: (params: Tensor[]) =>
    lars(params, { lr: 0.5, momentum: 0.9, weightDecay: 0.01, trustCoefficient: 0.05 }),
  novograd: (params: Tensor[]) => novograd(params, { lr: 0.01, weightDecay: 0.1 }),
  adamw: (params: Tensor[]) => adamw(params, { lr: cosine({ peak: 0.01, total: 20 }) }),
  adamax: (params: Tensor[]) => adamax(params, { lr: 0.01, weightDecay: 0.1, decoupled: true }),
  nadam: (params: Tensor[]) => nadam(params, { lr: 0.01, weightDecay: 0.1 }),
  adagrad: (params: Tensor[]) => adagrad(params, { lr: 0.05, lrDecay: 0.1, initial: 0.1 }),
  adadelta: (params: Tensor[]) => adadelta(params, { weightDecay: 0.1 }),
  asgd: (params: Tensor[]) => asgd(params, { lr: 0.05, lambda: 0.01, averageAfter: 4 }),
  rprop: (params: Tensor[]) => rprop(params, { maxStep: 0.1 }),
  rmsprop: (params: Tensor[]) => rmsprop(params, { lr: 0.01, weightDecay: 0.1 }),
  'rmsprop centered, momentum': (params: Tensor[]) =>
    rmsprop(params, { lr: 0.01, rho: 0.9, centered: true, momentum: 0.9, nesterov: true }),
  radam: (params: Tensor[]) => radam(params, { lr: 0.01, weightDecay: 0.1 }),
}

/** Runs the same work on `name` and on the reference: optimizers over random arrays, autograd, clipping, trace, table. */
export async function compareWithReference(
  name: BackendName,
  parts: readonly string[] = deviceParts,
): Promise<Comparison> {
  const theirs = await workOn('reference', parts)
  const ours = await workOn(name, parts)
  const errors: Record<string, number> = {}
  for (const [what, values] of Object.entries(theirs.results))
    errors[what] = error(ours.results[what]!, values)
  return { backend: ours.backend, errors }
}

function error(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY
  const largest = Math.max(...Array.from(theirs, Math.abs))
  const gap = Math.max(...Array.from(theirs, (value, k) => Math.abs(ours[k]! - value)))
  return gap === 0 ? 0 : gap / largest // Rprop's last gradient may be 0 throughout
}

/** Float32 numbers in [−2, 2), the same on every machine: a linear congruential generator. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.fround((state / 2 ** 32) * 4 - 2)
  }
}

type Results = Record<string, ArrayLike<number>>

/** What is compared, in parts: Chromium has room for about 100 kernels of gpu.js webasm in a page. */
const work: Record<string, (results: Results, name: BackendName) => Promise<void>> = {
  autograd,
  averages: (results) => averages(results, random(23)),
  clipping,
  penalties: (results) => penalties(results, random(17)),
  traces,
  tables,
  projections: (results) => projections(results, random(19)),
}
for (const [what, make] of Object.entries(optimizers))
  work[what] = (results) => optimizing(what, make, results)

export const deviceParts = Object.keys(work)

async function workOn(name: BackendName, parts: readonly string[]) {
  const backend = await useBackend(name)
  const results: Results = {}
  for (const part of parts) await work[part]!(results, name)
  await useBackend('reference')
  return { backend, results }
}

async function optimizing(
  what: string,
  make: (params: Tensor[]) => Pick<Optimizer, 'step' | 'stateDict'>,
  results: Results,
): Promise<void> {
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
  for (const [k, param] of params.entries()) results[`${what}, parameter ${k}`] = await param.data()
  const { params: states } = await optimizer.stateDict()
  for (const [k, { arrays }] of states.entries())
    for (const [key, values] of Object.entries(arrays))
      results[`${what}, ${key} of parameter ${k}`] = values
}

async function traces(results: Results, name: BackendName): Promise<void> {
  for (const optimizer of [sgd, adam, adamw]) {
    const walk = { start: 2, gradient: (x: number) => 2 * x, steps: 5, options: { lr: 0.01 } }
    const rows = await trace(optimizer, { ...walk, backend: name })
    for (const column of Object.keys(rows[0]!))
      results[`trace of ${optimizer.name}, ${column}`] = rows.map((row) => row[column]!)
  }
}

async function tables(results: Results, name: BackendName): Promise<void> {
  for (const [k, [file, schedule]] of kernelSchedules.entries())
    results[`table ${k}, ${file}`] = (await table(schedule, 1000, { backend: name })).map(
      ({ rate }) => rate,
    )
}

async function autograd(results: Results): Promise<void> {
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

/** Gradients whose squares overflow in float32 or vanish there, and some that are not finite. */
async function clipping(results: Results): Promise<void> {
  const next = random(13)
  const numbers = Array.from({ length: 500 }, next)
  const parameters = (scale: number, bad: readonly number[] = []) => {
    const values = numbers.map((x) => Math.fround(x * scale)).concat(bad)
    const params = [parameter(values.map(() => 0)), parameter([0, 0, 0])]
    for (const [k, grad] of [values, values.slice(0, 3)].entries()) params[k]!.grad = tensor(grad)
    return params
  }
  for (const [what, scale] of [
    ['large', 2 ** 100],
    ['small', 2 ** -100],
  ] as const)
    for (const p of [2, 3, Number.POSITIVE_INFINITY]) {
      const params = parameters(scale)
      const norm = clipGradNorm(params, scale, { p, eps: 0 })
      results[`clipGradNorm, ${what}, norm ${p}`] = [await norm.item()]
      results[`clipGradNorm, ${what}, gradient ${p}`] = await params[0]!.grad!.data()
    }
  const bad = parameters(1, [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
  results['clipGradNorm, repaired, norm'] = [
    await clipGradNorm(bad, 1, { nonFinite: 'clip' }).item(),
  ]
  results['clipGradNorm, repaired, gradient'] = await bad[0]!.grad!.data()
  const history = clipHistory()
  for (const p of [2, Number.POSITIVE_INFINITY])
    for (const value of [0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      clipGradNorm(parameters(1, [value]), 1, { p, history })
  const { calls, clipped, nonFinite } = await history.counts()
  results['clipHistory, counts'] = [calls, clipped, nonFinite]
  const rms = parameters(2 ** 100)
  clipGradRms(rms, 0.5)
  for (const [k, param] of rms.entries()) results[`clipGradRms, ${k}`] = await param.grad!.data()
  for (const units of ['rows', 'columns'] as const) {
    const w = parameter(numbers, { shape: [20, 25] })
    w.grad = tensor(
      numbers.map((x) => Math.fround(x * x * 2 ** 80)),
      { shape: [20, 25] },
    )
    clipGradAdaptive([w], 0.1, { units })
    results[`clipGradAdaptive, ${units}`] = await w.grad.data()
  }
}
