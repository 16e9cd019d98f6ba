import { linear as line } from '../schedules/linear.js'
import type { NamedSchedule } from '../schedules/named.js'
import type { Layer } from './layer.js'
import { type LinearOptions, linearLayer } from './layers/linear.js'

/**
 * A dense layer: y = x·Wᵀ + b for each row x of its input; W is outputs × inputs. The input may have more dimensions before the last.
 * Source    torch.nn.Linear.
 * Defaults  with bias; weights and biases uniform within ±1/√inputs, PyTorch's. The options `init` and `seed` say otherwise.
 * Memory    inputs·outputs + outputs floats.   Tests  test/nn/layers/linear.test.ts
 * @throws RangeError unless inputs and outputs are whole numbers ≥ 1; when called, unless the last dimension is `inputs`
 * @example
 * const layer = linear(3, 2, { init: heNormal(), seed: 1 })
 * layer(tensor([[1, 2, 3]])).shape // [1, 2]
 */
export function linear(inputs: number, outputs: number, options?: LinearOptions): Layer
/**
 * The schedule of this name: a straight line from `start` at t = 0 to `end` at t = `total`, up or down, and `end` from there on.
 *   start + (end − start)·min(1, t / total)
 * Source    PyTorch's LinearLR, Optax's linear_schedule.
 * Differs   PyTorch gives factors of the group's rate, we give rates. `warmup` is the way up with other shapes.
 * Tests     test/schedules/linear.test.ts
 * @throws RangeError unless total is a whole number ≥ 1
 * @example  linear({ start: 0.1, end: 0.01, total: 40 })   // 0.1 at 0, 0.055 at 20, 0.01 at 40 and after
 */
export function linear(options: Parameters<typeof line>[0]): NamedSchedule
export function linear(
  first: number | Parameters<typeof line>[0],
  outputs?: number,
  options?: LinearOptions,
): Layer | NamedSchedule {
  return typeof first === 'number' ? linearLayer(first, outputs!, options) : line(first)
}
