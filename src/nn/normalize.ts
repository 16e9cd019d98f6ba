import type { Backend, DeviceArray } from '../backend/backend.js'
import { program } from '../backend/rule.js'
import { tidy } from '../backend/tidy.js'
import { sumMiddle } from './middle.js'
import type { Tensor } from './tensor.js'

/** What belongs together: how one value for each is repeated over the elements, and their sums. */
interface Belonging {
  readonly repeat: number
  sum(backend: Backend, array: DeviceArray): DeviceArray
}

/** An array seen as [outer, length, inner], by the axis in the middle. */
export const byMiddle = (outer: number, length: number, inner: number): Belonging => ({
  repeat: inner,
  sum: (backend, array) => sumMiddle(backend, array, { outer, length, inner }),
})

/** Scale and shift after the normalization, one for each `by`. */
interface Affine {
  readonly weight: Tensor | undefined
  readonly bias: Tensor | undefined
  readonly by: Belonging
}

/** Sums and sums of squared deviations of the groups: what running statistics are made of. */
export interface Statistics {
  readonly sums: DeviceArray
  readonly squares: DeviceArray
}

const centre = '(x, sum, { n }) => { const c = x - sum / n; return [c, c * c] }'

/** (x − mean)/√(variance + ε)·w + b over groups of n; the variance is divided by n. `look` sees the statistics before they are freed. */
export function normalize(
  x: Tensor,
  { groups, n, eps }: { groups: Belonging; n: number; eps: number },
  affine: Affine,
  look: (statistics: Statistics) => void = () => {},
): Tensor {
  const { backend, array, size } = x
  const hypers = { n, eps }
  const map = (
    here: Backend,
    text: string,
    inputs: DeviceArray[],
    repeat: (number | undefined)[],
  ) => here.map(program(text), inputs, { length: size, repeat, hypers })
  const [y, h, squares] = tidy(backend, (here) => {
    const sums = groups.sum(here, array)
    const [c, c2] = map(here, centre, [array, sums], [undefined, groups.repeat])
    const squares = groups.sum(here, c2!)
    look({ sums, squares })
    const [h, y] = map(
      here,
      shifted('const h = x / Math.sqrt(v / n + eps)', affine, 'v, ', '{ n, eps }', true),
      [c!, squares, ...arraysOf(affine)],
      [undefined, groups.repeat, ...repeatsOf(affine)],
    )
    return [y!, h!, squares]
  })
  const w = affine.weight?.array
  return x.record(
    y!,
    x.shape,
    [x, ...parentsOf(affine)],
    (d) => slopes(x, { groups, hypers }, affine, { d, h: h!, squares: squares!, w }),
    [h!, squares!],
  )
}

/** Where scale and shift belong to the groups (batch norm), their gradients are the sums that the gradient of x needs. */
function slopes(
  x: Tensor,
  { groups, hypers }: { groups: Belonging; hypers: { n: number; eps: number } },
  { weight, bias, by }: Affine,
  { d, h, squares, w }: Record<'d' | 'h' | 'squares', DeviceArray> & { w: DeviceArray | undefined },
): (DeviceArray | undefined)[] {
  const { backend, size } = x
  const shared = by === groups
  let ofX: DeviceArray | undefined
  let ofWeight: DeviceArray | undefined
  let ofBias: DeviceArray | undefined
  tidy(backend, (here) => {
    const map = (text: string, inputs: DeviceArray[], repeat: (number | undefined)[] = []) =>
      here.map(program(text), inputs, { length: size, repeat, hypers })[0]!
    const g = w && !shared ? map('(d, w) => [d * w]', [d, w], [undefined, by.repeat]) : d
    const [sumG, sumGh] = [groups.sum(here, g), groups.sum(here, map('(g, h) => [g * h]', [g, h]))]
    if (x.requiresGrad) {
      const { repeat } = groups
      const factor = w && shared ? [w] : []
      ofX = map(
        `(g, h, a, b, v, ${w && shared ? 'w, ' : ''}{ n, eps }) => [${w && shared ? 'w * ' : ''}(g - (a + h * b) / n) / Math.sqrt(v / n + eps)]`,
        [g, h, sumG, sumGh, squares, ...factor],
        [undefined, undefined, repeat, repeat, repeat, repeat],
      )
    }
    if (weight?.requiresGrad)
      ofWeight = shared ? sumGh : by.sum(here, map('(d, h) => [d * h]', [d, h]))
    if (bias?.requiresGrad) ofBias = shared ? sumG : by.sum(here, d)
    return [ofX, ofWeight, ofBias].filter((one) => one !== undefined)
  })
  return [ofX, ...(weight ? [ofWeight] : []), ...(bias ? [ofBias] : [])]
}

/** With given means and variances, which are constants. */
export function normalizeBy(
  x: Tensor,
  { mean, variance, eps }: { mean: Tensor; variance: Tensor; eps: number },
  affine: Affine,
): Tensor {
  const { backend, array, size } = x
  const { weight, bias, by } = affine
  const statistics = [mean.array, variance.array]
  const map = (text: string, inputs: DeviceArray[], repeat: (number | undefined)[]) =>
    backend.map(program(text), inputs, { length: size, repeat, hypers: { eps } })[0]!
  const scaled = 'const h = (x - mean) / Math.sqrt(v + eps)'
  const beside = [undefined, by.repeat, by.repeat]
  const y = map(
    shifted(scaled, affine, 'mean, v, ', '{ eps }', false),
    [array, ...statistics, ...arraysOf(affine)],
    [...beside, ...repeatsOf(affine)],
  )
  const w = weight?.array
  return x.record(y, x.shape, [x, ...parentsOf(affine), mean, variance], (d) => {
    let ofX: DeviceArray | undefined
    if (x.requiresGrad)
      ofX = w
        ? map('(d, v, w, { eps }) => [d * w / Math.sqrt(v + eps)]', [d, statistics[1]!, w], beside)
        : map(
            '(d, v, { eps }) => [d / Math.sqrt(v + eps)]',
            [d, statistics[1]!],
            beside.slice(0, 2),
          )
    let ofWeight: DeviceArray | undefined
    if (weight?.requiresGrad) {
      const rule = `(d, x, mean, v, { eps }) => { ${scaled}\nreturn [d * h] }`
      const dh = map(rule, [d, array, ...statistics], [undefined, ...beside])
      ofWeight = by.sum(backend, dh)
      backend.release(dh)
    }
    const ofBias = bias?.requiresGrad ? by.sum(backend, d) : undefined
    return [ofX, ...(weight ? [ofWeight] : []), ...(bias ? [ofBias] : [])]
  })
}

const parentsOf = ({ weight, bias }: Affine): Tensor[] =>
  [weight, bias].filter((one) => one !== undefined)
const arraysOf = (affine: Affine): DeviceArray[] => parentsOf(affine).map(({ array }) => array)
const repeatsOf = (affine: Affine): number[] => parentsOf(affine).map(() => affine.by.repeat)

/** A rule that gives h·w + b, of what there is of both, and h before it if asked. */
function shifted(
  h: string,
  { weight, bias }: Affine,
  before: string,
  options: string,
  both: boolean,
): string {
  const names = `x, ${before}${weight ? 'w, ' : ''}${bias ? 'b, ' : ''}${options}`
  const y = `h${weight ? ' * w' : ''}${bias ? ' + b' : ''}`
  return `(${names}) => { ${h}\nreturn [${both ? 'h, ' : ''}${y}] }`
}
