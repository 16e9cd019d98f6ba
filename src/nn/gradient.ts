import type { DeviceArray } from '../backend/backend.js'
import { program } from '../backend/rule.js'
import type { Tensor } from './tensor.js'

/**
 * Where a tensor's gradient is. It owns the gradient's array as long as nobody outside the library has seen it.
 * Clipping leaves a factor beside it: a step multiplies while it reads, and whoever else looks gets the product, which is then kept.
 */
export class GradientSlot {
  #raw: Tensor | null = null
  #factor: DeviceArray | undefined
  /** Somebody may hold the gradient, and read it later. */
  #shown = false

  /** The gradient: scaled. */
  get value(): Tensor | null {
    if (this.#factor) this.#multiply(this.#raw!, this.#factor)
    return this.#raw
  }

  /** The gradient without its factor, for who multiplies while reading. */
  get raw(): Tensor | null {
    return this.#raw
  }

  /** What `raw` is still to be multiplied by: one value, on its backend. */
  get factor(): DeviceArray | undefined {
    return this.#factor
  }

  show(): Tensor | null {
    const { value } = this
    this.#shown = true
    return value
  }

  /** Scales the gradient later. One factor at a time: numbers are rounded as if each clip had multiplied at once. */
  scale(factor: DeviceArray): void {
    if (this.value) this.#factor = factor
  }

  /** The gradient before is freed, or parked where it was shown. */
  put(value: Tensor | null, shown: boolean): void {
    const old = this.#raw
    if (value === old) {
      // What is given is meant as it is, also if it is what was there before a clip.
      this.#factor = undefined
      return
    }
    if (old && this.#shown) old.backend.park(old.array)
    else if (old) old.backend.release(old.array)
    this.#raw = value
    this.#factor = undefined
    this.#shown = shown
  }

  /** In place, but for one that somebody holds: that keeps what it was. */
  #multiply(raw: Tensor, factor: DeviceArray): void {
    const { backend, array, shape } = raw
    const launch = this.#shown ? {} : { into: [array] }
    const [scaled] = backend.map(program('(g, factor) => [g * factor]'), [array, factor], launch)
    if (scaled === array) this.#factor = undefined
    else
      this.put(
        raw.record(scaled!, shape, [], () => []),
        false,
      )
  }
}
