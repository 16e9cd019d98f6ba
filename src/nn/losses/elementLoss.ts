import type { DeviceArray } from '../../backend/backend.js'
import { program } from '../../backend/rule.js'
import { sameShape } from '../broadcast.js'
import type { Tensor } from '../tensor.js'

/** A loss of each element x against its target t; slopes for x and, where it has one, for t. Rules may start with consts. */
interface ElementLoss {
  readonly before?: string
  readonly value: string
  readonly slope: string
  readonly targetSlope?: string
  readonly hypers?: Readonly<Record<string, number>>
  /** One number for each place of the last dimension, which rules call w. */
  readonly weights?: readonly number[]
}

const reductions = ['mean', 'sum', 'none', 'batchMean'] as const

/** Its mean, its sum or each: one launch and a fold forward, one launch back. */
export function elementLoss(
  owner: string,
  x: Tensor,
  t: Tensor,
  reduction: (typeof reductions)[number],
  { before = '', value, slope, targetSlope, hypers = {}, weights }: ElementLoss,
): Tensor {
  const { backend, size, shape } = x
  if (!sameShape(shape, t.shape))
    throw new RangeError(`${owner}: ${x} and its target, ${t}, must have equal shapes; reshape one`)
  if (t.backend !== backend)
    throw new TypeError(
      `${owner}: ${x} and ${t} must live on one backend; make them after useBackend`,
    )
  if (t.requiresGrad && !targetSlope)
    throw new TypeError(
      `${owner}: its target, ${t}, gets no gradient; give a tensor that needs none, or exchange the two`,
    )
  const divisor = { mean: size, batchMean: shape[0] ?? 1, sum: 1, none: 1 }[reduction]
  const all = { ...hypers, scale: 1 / divisor }
  const options = `{ ${Object.keys(all).join(', ')} }`
  const extra = weights ? [backend.write(weights)] : []
  const names = weights ? 'x, t, w' : 'x, t'
  const launch = {
    length: size,
    hypers: all,
    repeat: [undefined, undefined, weights ? 1 : undefined],
  }
  const rule = (...results: string[]) =>
    `{ ${before}\nreturn [${results.map((one) => `scale * (${one})`).join(', ')}] }`
  const inputs = [x.array, t.array, ...extra]
  const [each] = backend.map(program(`(${names}, ${options}) => ${rule(value)}`), inputs, launch)
  const result = reduction === 'none' ? each! : backend.fold('sum', each!)
  if (result !== each) backend.release(each!)
  const backward = (d: DeviceArray) => {
    const wanted = [x.requiresGrad ? slope : '', t.requiresGrad ? targetSlope! : '']
    const slopes = wanted.filter((one) => one !== '').map((one) => `d * (${one})`)
    const made = backend.map(
      program(`(${names}, d, ${options}) => ${rule(...slopes)}`),
      [...inputs, d],
      launch,
    )
    return wanted.map((one) => (one === '' ? undefined : made.shift()))
  }
  return x.record(result, reduction === 'none' ? shape : [], [x, t], backward, extra)
}
