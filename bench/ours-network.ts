import { adamw, crossEntropy, linear, relu, sequential, type Tensor, tensor } from 'downhill'
import { batches, type Digits, type Network, sizes } from './peers/perf/digits.mjs'

/** The small network as a user of the library writes it, from the weights that all begin with. */
export function network({ layers }: Digits, batch: number): Network<{ x: Tensor; y: Tensor }[]> {
  const [pixels, first, second, classes] = sizes as [number, number, number, number]
  const model = sequential(
    linear(pixels, first),
    relu(),
    linear(first, second),
    relu(),
    linear(second, classes),
  )
  const state = layers.flatMap(({ weight, bias }, k) => [
    [`${2 * k}.weight`, { shape: [bias.length, sizes[k]!], data: turned(weight, sizes[k]!) }],
    [`${2 * k}.bias`, { shape: [bias.length], data: [...bias] }],
  ])
  model.loadStateDict(Object.fromEntries(state))
  const optimizer = adamw(model.parameters(), { lr: 1e-3, weightDecay: 0.01 })
  return {
    load: ({ x, y }) =>
      batches(y.length, batch).map(([from, rows]) => ({
        x: tensor(x.subarray(from * pixels, (from + rows) * pixels), { shape: [rows, pixels] }),
        y: tensor(y.subarray(from, from + rows)),
      })),
    epoch(loaded) {
      for (const { x, y } of loaded) {
        crossEntropy(model(x), y).backward()
        optimizer.step()
        optimizer.zeroGrad()
      }
    },
    async layers() {
      const now = await model.stateDict()
      return layers.map(({ bias }, k) => ({
        weight: Float32Array.from(turned(now[`${2 * k}.weight`]!.data, bias.length)),
        bias: Float32Array.from(now[`${2 * k}.bias`]!.data),
      }))
    },
  }
}

/** A matrix of so many rows, its rows as columns. */
function turned(matrix: ArrayLike<number>, rows: number): number[] {
  const columns = matrix.length / rows
  return Array.from(matrix, (_, k) => matrix[(k % rows) * columns + Math.floor(k / rows)]!)
}
