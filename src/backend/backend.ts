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

/** A place where rules run. Three operations carry the whole library: one value an element, one value of all elements, and products of matrices. */
export interface Backend {
  /** "reference", or "gpu: webasm": what really runs. */
  readonly name: string
  write(values: ArrayLike<number>): DeviceArray
  read(array: DeviceArray): Promise<Float64Array>
  /** @throws Error where reading needs an await */
  readSync(array: DeviceArray, caller: string): Float64Array
  /** Runs a program over `inputs` (by the rule's positions): a new array for each output. */
  map(program: Program, inputs: readonly DeviceArray[], launch?: Launch): DeviceArray[]
  /** The sum, or the largest, of all elements: an array of length 1. */
  fold(kind: 'sum' | 'max', array: DeviceArray): DeviceArray
  /** a·b, row by row. */
  matmul(a: DeviceArray, b: DeviceArray, product: MatrixProduct): DeviceArray
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

export function launchLength(inputs: readonly DeviceArray[], launch: Launch): number {
  const length = launch.length ?? Math.max(...inputs.map((input) => input.length))
  for (const input of inputs) {
    if (input.length !== 1 && input.length !== length)
      throw new RangeError(`backend: arrays of ${input.length} and ${length} values do not fit`)
  }
  return length
}
