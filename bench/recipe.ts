import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { permutation, streams, uniforms24 } from '../src/nn/random.js'

/** Rows of numbers and their classes. */
interface Rows {
  x: readonly (readonly number[])[]
  y: readonly number[]
}

/** What all peers read of the small network, 64-128-128-10 with relu, in a temporary folder. */
export interface Recipe {
  folder: string
  remove(): void
}

const sizes = [64, 128, 128, 10]
/** More than anyone needs. */
const epochs = 40
const seed = 0

/**
 * Writes rows, first weights and the orders of the rows in each epoch, those of `batches({ seed: 0, epoch })`: pixels as 0–1, train
 * rows first. Weights and biases begin uniform in ±1/√inputs, as torch's `nn.Linear`.
 */
export function writeRecipe(train: Rows, test: Rows): Recipe {
  const folder = mkdtempSync(join(os.tmpdir(), 'downhill-recipe-'))
  const write = (name: string, values: Float32Array | Int32Array) =>
    writeFileSync(join(folder, name), new Uint8Array(values.buffer))
  write(
    'x.f32',
    Float32Array.from([...train.x, ...test.x].flat(), (pixel) => pixel / 16),
  )
  write('y.i32', Int32Array.from([...train.y, ...test.y]))
  write(
    'test.i32',
    Int32Array.from(test.y, (_, k) => train.y.length + k),
  )
  const orders = Array.from({ length: epochs }, (_, step) => [
    ...permutation(train.y.length, { seed, step, stream: streams.order }),
  ])
  write('order.i32', Int32Array.from(orders.flat()))
  write('init.f32', Float32Array.from(sizes.slice(1).flatMap((out, k) => layer(sizes[k]!, out, k))))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Weights, out × in, then biases. */
function layer(inputs: number, outputs: number, stream: number): number[] {
  const numbers = uniforms24((inputs + 1) * outputs, { seed, step: 0, stream })
  return Array.from(numbers, (number) => (2 * number - 1) / Math.sqrt(inputs))
}
