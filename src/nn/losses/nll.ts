import type { DeviceArray } from '../../backend/backend.js'
import { choice } from '../../backend/options.js'
import { program } from '../../backend/rule.js'
import type { Tensor } from '../tensor.js'
import {
  classColumns,
  classTarget,
  eitherWay,
  knownClass,
  lossOptions,
  type Reduction,
} from './options.js'

/** Options of `nll`. */
export interface Nll {
  /** `mean` over the rows (with weights: over the weights of their classes), `sum`, or `none`: one value a row. */
  reduction?: Reduction
  /** One number a class, by which its part of the loss is multiplied. */
  weight?: readonly number[]
  /** Rows with this class number do not count. */
  ignoreIndex?: number
}

/** What each element weighs: its class's weight in the target's column, else 0. */
const chosen = eitherWay(
  (ignoring) => `(t, j, w, { classes, ignored }) => {
  const known = ${knownClass}
  const c = known * (t === j ? w : 0)
  return [${ignoring ? 't === ignored ? 0 : c' : 'c'}]
}`,
)

/**
 * The negative of the target's logarithm: −w·xₜ for each row x of log-probabilities. `crossEntropy` is this after `logSoftmax`, in one.
 * Source    torch.nn.functional.nll_loss.
 * Differs   Classes are the last dimension, and there are at most two. No class is ignored unless `ignoreIndex` says so (PyTorch: −100). A number that is
 *           no class gives NaN: it lies on the device, and is not read.
 * Defaults  mean, no weights.   Tests  test/nn/losses/nll.test.ts
 * @throws RangeError if the shapes do not fit
 * @example  nll(logits.logSoftmax(), tensor([0, 1])).backward()
 */
export function nll(input: Tensor, target: Tensor, options: Nll = {}): Tensor {
  const spec = { reduction: choice<Reduction>('mean', 'sum', 'none') }
  const given = lossOptions('nll', spec, options, 'weight', 'ignoreIndex')
  const reduction = given.reduction as Reduction
  const { rows, classes, shares } = classTarget('nll', input, target)
  if (shares) throw new RangeError(`nll: the target must be class numbers, got ${target}`)
  const { backend } = input
  const { weight, ignoreIndex } = options
  const columns = classColumns('nll', backend, classes, weight)
  const hypers = { classes, ignored: ignoreIndex ?? -1 }
  const launch = { length: rows * classes, repeat: [classes, 1, 1], hypers }
  const [c] = backend.map(
    program(chosen(ignoreIndex !== undefined)),
    [target.array, columns.numbers, columns.weights],
    launch,
  )
  if (weight) backend.release(columns.weights)
  const [terms] = backend.map(program('(x, c) => [c === 0 ? 0 : -c * x]'), [input.array, c!])
  const each = reduction === 'none'
  const axis = { length: classes, inner: 1 }
  const total = backend.fold('sum', terms!, each ? axis : undefined)
  backend.release(terms!)
  const own = [c!]
  let result = total
  if (reduction === 'mean') {
    const weighs = backend.fold('sum', c!)
    own.push(weighs)
    result = backend.map(program('(a, b) => [a / b]'), [total, weighs])[0]!
    backend.release(total)
  }
  const backward = (d: DeviceArray) =>
    reduction === 'mean'
      ? backend.map(program('(c, n, d) => [-c * d / n]'), [...own, d])
      : backend.map(program('(c, d) => [-c * d]'), [c!, d], {
          repeat: [undefined, each ? classes : undefined],
        })
  const shape = each ? input.shape.slice(0, -1) : []
  return input.record(result, shape, [input, target], backward, own)
}
