import { checkNames, checkOption, period } from '../../backend/options.js'
import { Picks } from '../../backend/picks.js'
import { program } from '../../backend/rule.js'
import { parameter } from '../create.js'
import { type Init, standardNormal } from '../init.js'
import { defineLayer, type Layer, type LayerParts } from '../layer.js'
import { classColumns } from '../losses/options.js'
import { placeFor } from '../seed.js'
import { pickFrom } from '../shape.js'
import type { Tensor } from '../tensor.js'

/** Options of `embedding`. */
export interface Embedding {
  /** First values; default: PyTorch's, the standard normal distribution. */
  init?: Init
  /** A seed of its own; default: the next stream of `manualSeed`. */
  seed?: number
}

/** A row of a table for each whole number: [n, …] of numbers 0 … count − 1 gives [n, …, features]. On a GPU, which cannot be read at once, a product with ones. */
function lookUp(name: string, weight: Tensor, x: Tensor): Tensor {
  const { backend } = weight
  const [count, features] = weight.shape as [number, number]
  const shape = [...x.shape, features]
  if (x.backend !== backend)
    throw new TypeError(`${name}: ${x} lives elsewhere than ${weight}; make both after useBackend`)
  if (backend.name.startsWith('gpu')) return byProduct(weight, x, shape)
  const rows = x.dataSync()
  const places = new Int32Array(rows.length * features)
  for (const [k, row] of rows.entries()) {
    if (!Number.isInteger(row) || row < 0 || row >= count)
      throw new RangeError(
        `${name}: place ${k} of its input must be a whole number from 0 to ${count - 1}, got ${row}`,
      )
    for (let i = 0; i < features; i++) places[k * features + i] = row * features + i
  }
  return pickFrom(weight, Picks.of(places, weight.size), shape)
}

/** 1 where the number is the column's; NaN for a number that is no row. */
const ones =
  '(x, j, { count }) => [x >= 0 && x < count && x === Math.floor(x) ? (x === j ? 1 : 0) : Infinity - Infinity]'

function byProduct(weight: Tensor, x: Tensor, shape: readonly number[]): Tensor {
  const { backend } = weight
  const [count, features] = weight.shape as [number, number]
  const { numbers } = classColumns('embedding', backend, count, undefined)
  const launch = { length: x.size * count, repeat: [count, 1], hypers: { count } }
  const [hot] = backend.map(program(ones), [x.array, numbers], launch)
  const rows = backend.matmul(hot!, weight.array, { rows: x.size, inner: count, columns: features })
  const back = { rows: count, inner: x.size, columns: features, transposeA: true }
  return weight.record(rows, shape, [weight], (d) => [backend.matmul(hot!, d, back)], [hot!])
}

/**
 * A table of `count` rows of `features` numbers, which are learned: each whole number of its input becomes its row.
 * Source    torch.nn.Embedding.
 * Differs   On a GPU, where nothing is read back, a number that is no row gives NaN; elsewhere it is refused.
 * Defaults  the standard normal distribution.   Memory  count·features floats.   Tests  test/nn/layers/embedding.test.ts
 * @throws RangeError unless count and features are whole numbers ≥ 1; when called, for a number that is no row
 * @example  embedding(10, 4)(tensor([3, 3, 7])).shape // [3, 4]
 */
export function embedding(count: number, features: number, options: Embedding = {}): Layer {
  checkOption('embedding', 'count', period(), count)
  checkOption('embedding', 'features', period(), features)
  checkNames('embedding', { init: true, seed: true }, options)
  const { init = standardNormal, seed } = options
  const name = `embedding(${count}, ${features})`
  const shape = [count, features]
  const place = placeFor('embedding', seed)
  const weight = parameter(init(shape, place), { shape, name: 'embedding.weight' })
  const definition: LayerParts = {
    name,
    parameters: { weight },
    keepsNothing: true,
    forward: (x) => lookUp(name, weight, x),
    initialize: (at) => weight.replace(weight.backend.write(init(shape, at))),
  }
  return defineLayer(definition)
}
