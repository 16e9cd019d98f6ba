import {
  adamw,
  type BackendName,
  clipGradNorm,
  parameter,
  type Tensor,
  tensor,
  useBackend,
} from 'downhill'
import { program } from '../../src/backend/rule.js'
import { uniforms24 } from '../../src/nn/random.js'

/** Five steps of AdamW, whose first steps turn on the sign of each gradient; measured values are in ARCHITECTURE, The library. */
export const trainingBound = 2e-6

/** A dense layer: relu(x·W + b), or without relu; its backward is three products and a fold. */
function dense(x: Tensor, weight: Tensor, bias: Tensor, relu: boolean): Tensor {
  const { backend } = x
  const [rows, inner] = x.shape as [number, number]
  const columns = bias.size
  const finish = {
    program: program(relu ? '(z, b) => [Math.max(0, z + b)]' : '(z, b) => [z + b]'),
    inputs: [bias.array],
  }
  const made = backend.matmul(x.array, weight.array, { rows, inner, columns }, finish)
  return x.record(made, [rows, columns], [x, weight, bias], (d) => {
    const gate = program('(d, y) => [y > 0 ? d : 0]')
    const slope = relu ? backend.map(gate, [d, made])[0]! : d
    return [
      backend.matmul(slope, weight.array, {
        rows,
        inner: columns,
        columns: inner,
        transposeB: true,
      }),
      backend.matmul(x.array, slope, { rows: inner, inner: rows, columns, transposeA: true }),
      backend.fold('sum', slope, { length: rows, inner: columns }),
    ]
  })
}

/** Mean of −log softmax(z) at the right classes; `right` is 1 there, else 0. */
function crossEntropy(z: Tensor, right: Tensor): Tensor {
  const { backend, array } = z
  const [rows, classes] = z.shape as [number, number]
  const axis = { length: classes, inner: 1 }
  const column = { repeat: [undefined, classes, classes] }
  const top = backend.fold('max', array, axis)
  const [powers] = backend.map(program('(z, top) => [Math.exp(z - top)]'), [array, top], column)
  const sums = backend.fold('sum', powers!, axis)
  const [logs] = backend.map(
    program('(z, top, sum) => [z - top - Math.log(sum)]'),
    [array, top, sums],
    column,
  )
  const loss = program('(log, right, { rows }) => [-log * right / rows]')
  const value = backend.reduce('sum', loss, [[logs!, right.array]], { rows })
  const backward = program('(d, log, right, { rows }) => [d * (Math.exp(log) - right) / rows]')
  return z.record(value, [], [z], (d) =>
    backend.map(backward, [d, logs!, right.array], { hypers: { rows } }),
  )
}

/** Numbers in [−1, 1), the same on every backend. */
const numbers = (length: number, step: number) =>
  Float64Array.from(uniforms24(length, { seed: 1, step, stream: 0 }), (u) => 2 * u - 1)

export interface Trained {
  backend: string
  losses: number[]
  /** Parameters after the last step, one after the other. */
  weights: number[]
}

/**
 * A multilayer perceptron, 6 → 16 → 16 → 3, on batches of two sizes: forward, loss, backward, clipping, AdamW, and nothing read before
 * `beforeReading` was called.
 */
export async function trainMlp(
  name: BackendName,
  steps: number,
  beforeReading: () => void = () => {},
): Promise<Trained> {
  const backend = await useBackend(name)
  const weights = [
    [6, 16],
    [16, 16],
    [16, 3],
  ].map(([inner, columns], k) => [
    parameter(
      numbers(inner! * columns!, k).map((x) => x / Math.sqrt(inner!)),
      { shape: [inner!, columns!] },
    ),
    parameter(new Float64Array(columns!)),
  ])
  const params = weights.flat()
  const optimizer = adamw(params, { lr: 0.01, weightDecay: 0.1 })
  const losses: Tensor[] = []
  for (let step = 0; step < steps; step++) {
    const rows = step % 2 === 0 ? 12 : 20
    const inputs = numbers(rows * 6, 100 + step)
    const classes = Array.from({ length: rows }, (_, row) =>
      inputs[row * 6]! > 0.3 ? 2 : Number(inputs[row * 6 + 1]! > 0),
    )
    const right = classes.flatMap((right) => [0, 1, 2].map((k) => Number(k === right)))
    const outputs = weights.reduce(
      (x, [weight, bias], k) => dense(x, weight!, bias!, k < 2),
      tensor(inputs, { shape: [rows, 6] }),
    )
    const loss = crossEntropy(outputs, tensor(right, { shape: [rows, 3] }))
    optimizer.zeroGrad()
    loss.backward()
    clipGradNorm(params, 0.5)
    optimizer.step()
    losses.push(loss)
  }
  beforeReading()
  const read = async (list: readonly Tensor[]) =>
    (await Promise.all(list.map((one) => one.data()))).flatMap((values) => [...values])
  const trained = { backend, losses: await read(losses), weights: await read(params) }
  await useBackend('reference')
  return trained
}

/** Largest gap to the reference after the same training, as a share of the largest weight. */
export async function trainedError(trained: Trained, steps: number): Promise<number> {
  const theirs = await trainMlp('reference', steps)
  const largest = Math.max(...theirs.weights.map(Math.abs))
  const gap = (ours: number[], others: number[]) =>
    Math.max(...ours.map((x, k) => Math.abs(x - others[k]!)))
  return (
    Math.max(gap(trained.weights, theirs.weights), gap(trained.losses, theirs.losses)) / largest
  )
}
