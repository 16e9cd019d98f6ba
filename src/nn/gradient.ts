import type { Tensor } from './tensor.js'

/** Where a tensor's gradient is. It owns the gradient's array as long as nobody outside the library has seen it. */
export class GradientSlot {
  value: Tensor | null = null
  /** Somebody may hold the gradient, and read it later. */
  #shown = false

  show(): Tensor | null {
    this.#shown = true
    return this.value
  }

  /** The gradient before is freed, or parked where it was shown. */
  put(value: Tensor | null, shown: boolean): void {
    const old = this.value
    if (value === old) return
    if (old && this.#shown) old.backend.park(old.array)
    else if (old) old.backend.release(old.array)
    this.value = value
    this.#shown = shown
  }
}
