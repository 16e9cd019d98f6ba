import type { Picks } from './picks.js'
import type { Program } from './rule.js'

/** Numbers that lie where a backend computes. Only that backend can read them. */
export interface DeviceArray {
  readonly length: number
}

export interface Launch {
  /** Values of the rule's hypers. */
  hypers?: Readonly<Record<string, number>>
  /** Length of the outputs; default: that of the longest input. Inputs of length 1 are repeated. */
  length?: number
  /**
   * For an input shorter than the outputs, by position: how many neighbours share one of its values. Element i reads it at
   * ⌊i / repeat⌋ mod its length: 1 repeats a row of a matrix, the number of columns a column, the pixels of an image a channel.
   */
  repeat?: readonly (number | undefined)[]
  /** Arrays that nobody else uses, one an output or none: a backend may write over them and give them back as outputs. */
  into?: readonly (DeviceArray | undefined)[]
}

/** The sizes of a product: a is rows × inner, b inner × columns; transposed, it lies in memory the other way round. */
export interface MatrixProduct {
  rows: number
  inner: number
  columns: number
  transposeA?: boolean
  transposeB?: boolean
}

/** The axis that a fold goes along: of [outer, length, inner], giving [outer, inner]. */
export interface Axis {
  length: number
  inner: number
}

/** What is done with each element of a product before it is stored: input 0 of the program. The others are rows (as long as the product is wide), or whole. */
export interface Finish {
  program: Program
  inputs: readonly DeviceArray[]
  hypers?: Readonly<Record<string, number>>
}

/** Names a place in Philox's numbers, the same on every backend: a seed and a step from 0 to 2⁵³ − 1, and a stream from 0 to 2³² − 1, which keeps apart those who draw with one seed. */
export interface RandomPlace {
  seed: number
  step: number
  stream: number
}

/** A place where rules run. A few operations carry the whole library; docs/decisions/0003 says which carries what. */
export interface Backend {
  /** "reference", or "gpu: webasm": what really runs. */
  readonly name: string
  /** True where a program on the CPU plays the GPU (SwiftShader, llvmpipe). */
  readonly software?: boolean
  write(values: ArrayLike<number>): DeviceArray
  read(array: DeviceArray): Promise<Float64Array>
  /** @throws Error where reading needs an await */
  readSync(array: DeviceArray, caller: string): Float64Array
  /** Runs a program over `inputs` (by the rule's positions): a new array for each output. */
  map(program: Program, inputs: readonly DeviceArray[], launch?: Launch): DeviceArray[]
  /** `map` for each of many tuples of arrays, in one launch where the backend can: the outputs of each. What is given may be used anew after the call. */
  mapEach(
    program: Program,
    launches: readonly { inputs: readonly DeviceArray[]; launch?: Launch }[],
  ): DeviceArray[][]
  /** The sum, or the largest, of all elements (an array of length 1), or along an axis. */
  fold(kind: 'sum' | 'max', array: DeviceArray, axis?: Axis): DeviceArray
  /** One value: what `fold` gives of the program's only output over all elements of all tuples of inputs. */
  reduce(
    kind: 'sum' | 'max',
    program: Program,
    tuples: readonly (readonly DeviceArray[])[],
    hypers?: Readonly<Record<string, number>>,
  ): DeviceArray
  /** `reduce` for each tuple by itself, in one launch; a backend without it is asked for them one by one (`plain.reduceEach`). */
  reduceEach?(
    kind: 'sum' | 'max',
    program: Program,
    launches: readonly { inputs: readonly DeviceArray[]; launch?: Launch }[],
  ): DeviceArray[]
  /** √Σx² over all arrays, where squares cannot overflow: without it the values are scaled first (`nn/norm.ts`). */
  euclid?(arrays: readonly DeviceArray[]): DeviceArray
  /** a·b, row by row, each element finished by a program. */
  matmul(a: DeviceArray, b: DeviceArray, product: MatrixProduct, finish?: Finish): DeviceArray
  /** For each place of `picks` the sum of the elements that it lists; 0 if there is none. */
  pick(array: DeviceArray, picks: Picks): DeviceArray
  /** Numbers k / 2²⁴ in [0, 1), the same on every backend. */
  uniform(length: number, place: RandomPlace): DeviceArray
  /** Says that an array will hardly be used again, though it may be: it need not stay where it is in the way. Its values stay. */
  park(array: DeviceArray): void
  /** Frees an array that nobody will use again, sooner than garbage collection would. */
  release(array: DeviceArray): void
}

/** Refuses arrays that are not the matrices they are said to be. */
export function checkProduct(
  a: DeviceArray,
  b: DeviceArray,
  { rows, inner, columns }: MatrixProduct,
): void {
  if (a.length !== rows * inner || b.length !== inner * columns)
    throw new RangeError(
      `matmul: ${rows} × ${inner} and ${inner} × ${columns} matrices have ${rows * inner} and ${inner * columns} values, got ${a.length} and ${b.length}`,
    )
}

export function launchLength(inputs: readonly DeviceArray[], { length, repeat }: Launch): number {
  let outputs = length ?? 0
  if (length === undefined) for (const input of inputs) outputs = Math.max(outputs, input.length)
  // Beside nothing a single value is repeated no times.
  if (length === undefined && outputs === 1 && inputs.some((input) => input.length === 0))
    outputs = 0
  for (let k = 0; k < inputs.length; k++) {
    const one = inputs[k]!.length
    const each = repeat?.[k]
    if (one !== 1 && (each ? outputs % (one * each) !== 0 : one !== outputs))
      throw new RangeError(`backend: arrays of ${one} and ${outputs} values do not fit`)
  }
  return outputs
}

/** How many runs of [length, inner] an array holds. */
export function outerOf(array: DeviceArray, { length, inner }: Axis): number {
  const outer = array.length / (length * inner)
  if (!Number.isInteger(outer))
    throw new RangeError(
      `fold: an array of ${array.length} values is no [outer, ${length}, ${inner}]`,
    )
  return outer
}
