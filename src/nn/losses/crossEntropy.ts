import type { DeviceArray } from '../../backend/backend.js'
import { choice, share } from '../../backend/options.js'
import { program } from '../../backend/rule.js'
import { tidy } from '../../backend/tidy.js'
import { isRecording } from '../recording.js'
import type { Tensor } from '../tensor.js'
import {
  classColumns,
  classTarget,
  eitherWay,
  knownClass,
  lossOptions,
  type Reduction,
} from './options.js'

/** Options of `crossEntropy`. */
export interface CrossEntropy {
  /** `mean` over the rows (with weights: over the weights of their classes), `sum`, or `none`: one value a row. */
  reduction?: Reduction
  /** Which share of each target is spread over all classes. */
  labelSmoothing?: number
  /** One number a class, by which its part of the loss is multiplied. */
  weight?: readonly number[]
  /** Rows with this class number do not count. */
  ignoreIndex?: number
}

const spec = { reduction: choice('mean', 'sum', 'none'), labelSmoothing: share(0) }

/** What each class of a row weighs, from its number: a number that is no class gives NaN, for nothing is read back. */
const hard = eitherWay(
  (ignoring) => `(t, j, w, { s, classes, ignored }) => {
  const known = ${knownClass}
  const c = known * w * ((t === j ? 1 - s : 0) + s / classes)
  return [${ignoring ? 't === ignored ? 0 : c' : 'c'}]
}`,
)
const soft = '(t, j, w, { s, classes }) => [w * (t * (1 - s) + s / classes)]'

/** What the classes of the rows weigh together. */
const counting = '(t, j, w, { ignored }) => [t === j ? (t === ignored ? 0 : w) : 0]'

const loss = 'c === 0 ? 0 : scale * c * (Math.log(sum) - (z - top))'

/** From logits z, their row's largest and e^(z − largest), its sum, and c with its row's sum: the loss, and the gradient of z. */
const weighted = eitherWay(
  (slope) =>
    `(z, top, e, sum, c, total, { scale }) => [${loss}${slope ? ', scale * (total * e / sum - c)' : ''}]`,
)

/** The same for class numbers without weights, in one launch. */
const simple = eitherWay(
  (slope) => `(z, top, e, sum, t, j, { scale, s, classes }) => {
  const known = ${knownClass}
  const c = known * ((t === j ? 1 - s : 0) + s / classes)
  return [${loss}${slope ? ', scale * (e / sum - c)' : ''}]
}`,
)

/**
 * The loss of classification: −Σⱼ qⱼ·log softmax(z)ⱼ for each row z of logits, q the target, as class numbers (n of them) or as one row of shares a row.
 *   q ← (1−s)·q + s/K with label smoothing s over K classes; each term times its class's weight
 * Source    torch.nn.functional.cross_entropy; label smoothing: Szegedy et al. 2016, arXiv:1512.00567.
 * Differs   Classes are the last dimension, and there are at most two. No class is ignored unless `ignoreIndex` says so (PyTorch: −100).
 *           A number that is no class gives NaN: it lies on the device, and is not read.
 * Defaults  mean, no smoothing, no weights.   Memory  1 float a logit until `backward()`.   Tests  test/nn/losses/crossEntropy.test.ts
 * @throws RangeError if the shapes do not fit, or an option is out of its range
 * @example  crossEntropy(logits, tensor([0, 1]), { labelSmoothing: 0.1 }).backward()
 */
export function crossEntropy(logits: Tensor, target: Tensor, options: CrossEntropy = {}): Tensor {
  const { reduction, labelSmoothing: s } = lossOptions(
    'crossEntropy',
    spec,
    options,
    'weight',
    'ignoreIndex',
  )
  const { rows, classes, shares } = classTarget('crossEntropy', logits, target)
  const { backend } = logits
  const { weight, ignoreIndex } = options
  const axis = { length: classes, inner: 1 }
  const columns = classColumns('crossEntropy', backend, classes, weight)
  const weighs =
    reduction === 'mean' && !shares && (weight !== undefined || ignoreIndex !== undefined)
  const scale = reduction === 'mean' && !weighs ? 1 / rows : 1
  const slope = isRecording() && logits.requiresGrad
  const hypers = { s, classes, scale, ignored: ignoreIndex ?? -1 }
  let gradient: DeviceArray | undefined
  let divisor: DeviceArray | undefined
  const [result] = tidy(backend, (here) => {
    const map = (text: string, inputs: DeviceArray[], repeat: (number | undefined)[]) =>
      here.map(program(text), inputs, { hypers, repeat, length: rows * classes })
    const z = logits.array
    const top = here.fold('max', z, axis)
    const [e] = map('(z, top) => [Math.exp(z - top)]', [z, top], [undefined, classes])
    const sum = here.fold('sum', e!, axis)
    const [inputs, repeat] = [
      [z, top, e!, sum],
      [undefined, classes, undefined, classes],
    ]
    const numbers = [target.array, columns.numbers]
    const byClass = [shares ? undefined : classes, 1, 1]
    let parts: DeviceArray[]
    if (!shares && !weight && ignoreIndex === undefined)
      parts = map(simple(slope), [...inputs, ...numbers], [...repeat, classes, 1])
    else {
      const rule = shares ? soft : hard(ignoreIndex !== undefined)
      const [c] = map(rule, [...numbers, columns.weights], byClass)
      const total = here.fold('sum', c!, axis)
      parts = map(weighted(slope), [...inputs, c!, total], [...repeat, undefined, classes])
    }
    if (weighs) {
      const [counted] = map(counting, [...numbers, columns.weights], byClass)
      divisor = here.fold('sum', counted!)
    }
    gradient = parts[1]
    const loss = here.fold('sum', parts[0]!, reduction === 'none' ? axis : undefined)
    const result = divisor ? here.map(program('(a, b) => [a / b]'), [loss, divisor])[0]! : loss
    return [result, gradient, divisor].filter((one) => one !== undefined)
  })
  if (weight) backend.release(columns.weights)
  const shape = reduction === 'none' ? logits.shape.slice(0, -1) : []
  const own = [gradient, divisor].filter((one) => one !== undefined)
  return logits.record(
    result!,
    shape,
    [logits, target],
    (d) =>
      divisor
        ? backend.map(program('(g, d, n) => [n === 0 ? 0 : g * d / n]'), [gradient!, d, divisor])
        : backend.map(program('(g, d) => [g * d]'), [gradient!, d], {
            repeat: [undefined, reduction === 'none' ? classes : undefined],
          }),
    own,
  )
}
