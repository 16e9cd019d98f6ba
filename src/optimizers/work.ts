import type { Backend, DeviceArray, MatrixProduct } from '../backend/backend.js'
import { program } from '../backend/rule.js'

/** One tensor during a step, for rules that treat it whole. Everything stays on its backend. */
export class TensorWork {
  /** The parameter; assign the new one. */
  p: DeviceArray
  /** State by name, for assigning too; only what this shape has. */
  readonly state: Record<string, DeviceArray>

  constructor(
    readonly backend: Backend,
    p: DeviceArray,
    readonly g: DeviceArray,
    state: Readonly<Record<string, DeviceArray>>,
    readonly shape: readonly number[],
    /** How often this tensor was stepped, counting this step. */
    readonly t: number,
    readonly calls: number,
  ) {
    this.p = p
    this.state = { ...state }
  }

  /** One scalar rule over arrays: `work.map('(a, b, { c }) => [a + c * b]', [a, b], { c: 2 })`. Arrays of length 1 are repeated. */
  map(
    rule: string,
    inputs: readonly DeviceArray[],
    hypers: Record<string, number> = {},
  ): DeviceArray {
    return this.backend.map(program(rule), inputs, { hypers })[0]!
  }

  /** a·b, row by row. */
  matmul(a: DeviceArray, b: DeviceArray, product: MatrixProduct): DeviceArray {
    return this.backend.matmul(a, b, product)
  }

  /** The sum of all elements, an array of length 1. */
  sum(array: DeviceArray): DeviceArray {
    return this.backend.fold('sum', array)
  }

  /** The square root of the mean square, an array of length 1. */
  rms(array: DeviceArray): DeviceArray {
    const squares = this.sum(this.map('(a) => [a * a]', [array]))
    return this.map('(s, { n }) => [Math.sqrt(s / n)]', [squares], { n: array.length })
  }

  ones(length: number): DeviceArray {
    return this.backend.write(new Float64Array(length).fill(1))
  }
}
