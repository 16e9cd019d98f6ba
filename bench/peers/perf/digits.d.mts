import type { Prepared } from './answer.mjs'

/** Rows of 64 pixels, one after another, and their labels. */
export interface Rows {
  x: Float32Array
  y: Int32Array
}

/** Weights in × out. */
export interface LayerValues {
  weight: Float32Array
  bias: Float32Array
}

export interface Digits extends Rows {
  /** The weights that all begin with. */
  layers: LayerValues[]
}

/** The network as a library has it. */
export interface Network<Loaded> {
  /** The batches, where the library wants them. */
  load(rows: Rows): Loaded
  epoch(loaded: Loaded): unknown
  layers(): Promise<LayerValues[]> | LayerValues[]
}

export const sizes: readonly number[]

/** [first row, number of rows] of each. */
export function batches(rows: number, batch: number): [number, number][]

/** Parameters and gradients, the same for all who are measured. */
export function waves(size: number, tensors: number): { p: Float32Array; g: Float32Array }[]

export function workload<Loaded>(
  work: string,
  what: { data: string | ((name: string) => ArrayBuffer); batch: number; goal?: number },
  network: (digits: Digits, batch: number) => Network<Loaded>,
): Prepared
