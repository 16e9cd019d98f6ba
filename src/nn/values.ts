import type { Backend, DeviceArray } from '../backend/backend.js'
import { displaySymbol, inspectSymbol, type MimeBundle } from '../host/types.js'
import { isHeld } from './held.js'
import { tensorBundle } from './tensor-bundle.js'

/** What can be read of a tensor: the values of a shape, where a backend has them. */
export abstract class Values {
  abstract readonly name: string

  /** @internal Use `parameter` or `tensor`. */
  constructor(
    readonly backend: Backend,
    /** @internal Where the numbers lie; optimizers replace it. */
    public array: DeviceArray,
    readonly shape: readonly number[],
  ) {}

  /** @internal Its array, if no graph needs the values: they may be written over. */
  get free(): DeviceArray | undefined {
    return isHeld(this.array) ? undefined : this.array
  }

  /** @internal New values. */
  replace(array: DeviceArray): void {
    const old = this.free
    this.array = array
    if (old && old !== array) this.backend.park(old)
  }

  /** Number of elements. */
  get size(): number {
    return this.array.length
  }

  /** A copy of the values, row by row. */
  data(): Promise<Float64Array> {
    return this.backend.read(this.array)
  }

  /** As `data()`, at once. @throws Error on gpu, where reading is asynchronous */
  dataSync(): Float64Array {
    return this.backend.readSync(this.array, 'dataSync')
  }

  /** The value of a tensor with one element. */
  async item(): Promise<number> {
    this.single('item')
    return (await this.data())[0]!
  }

  /** As `item()`, at once. @throws Error on gpu, where reading is asynchronous */
  itemSync(): number {
    this.single('itemSync')
    return this.backend.readSync(this.array, 'itemSync')[0]!
  }

  /** @internal Refuses what has more values than one. */
  protected single(caller: string): void {
    if (this.size !== 1)
      throw new RangeError(`${caller}: ${this} has ${this.size} values, not one; use data()`)
  }

  /** Its name, shape and backend; never its values, which would have to be read. */
  toString(): string {
    return `${this.name || 'tensor'} [${this.shape.join(', ')}] on ${this.backend.name}`
  }

  /** In a notebook: with its values, as a table. */
  [displaySymbol](): Promise<MimeBundle> {
    return tensorBundle(this)
  }

  /** @internal Node and the kernel print an object by this method; the default would list the internals. */
  [inspectSymbol](): string {
    return this.toString()
  }
}
