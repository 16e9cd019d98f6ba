import type { DeviceArray } from '../backend/backend.js'
import { program } from '../backend/rule.js'
import { tidy } from '../backend/tidy.js'
import { fitTo } from './broadcast.js'
import { around, axisOf } from './sizes.js'
import type { Tensor } from './tensor.js'

/** e^(xᵢ − largest) / Σ along an axis, or its logarithm. */
function along(owner: string, x: Tensor, axis: number, log: boolean): Tensor {
  const { backend, shape, array } = x
  const at = axisOf(owner, shape, axis)
  const view = around(shape, at)
  const kept = shape.map((n, k) => (k === at ? 1 : n))
  /** A rule over whole arrays and, after them, arrays with one value for each run along the axis. */
  const map = (
    here: Tensor['backend'],
    text: string,
    whole: DeviceArray[],
    runs: DeviceArray[],
  ) => {
    const fitted = runs.map((one) => fitTo(here, one, kept, shape))
    const inputs = [...whole, ...fitted.map((one) => one.array)]
    const repeat = [...whole.map(() => undefined), ...fitted.map((one) => one.repeat)]
    return here.map(program(text), inputs, { length: x.size, repeat })[0]!
  }
  const y = tidy(backend, (here) => {
    const top = here.fold('max', array, view)
    const e = map(here, '(x, top) => [Math.exp(x - top)]', [array], [top])
    const sum = here.fold('sum', e, view)
    return log
      ? map(here, '(x, top, sum) => [x - top - Math.log(sum)]', [array], [top, sum])
      : map(here, '(e, sum) => [e / sum]', [e], [sum])
  })
  return x.record(y, shape, [x], (d) => [
    tidy(backend, (here) => {
      if (log)
        return map(
          here,
          '(y, d, sum) => [d - Math.exp(y) * sum]',
          [y, d],
          [here.fold('sum', d, view)],
        )
      const dy = map(here, '(y, d) => [y * d]', [y, d], [])
      return map(here, '(y, d, sum) => [y * (d - sum)]', [y, d], [here.fold('sum', dy, view)])
    }),
  ])
}

export const softmaxOf = (x: Tensor, axis: number): Tensor => along('softmax', x, axis, false)
export const logSoftmaxOf = (x: Tensor, axis: number): Tensor => along('logSoftmax', x, axis, true)
