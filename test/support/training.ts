import {
  adamw,
  type BackendName,
  clipGradNorm,
  crossEntropy,
  linear,
  relu,
  sequential,
  type Tensor,
  tensor,
  useBackend,
} from 'downhill'
import { uniforms24 } from '../../src/nn/random.js'

/** Five steps of AdamW, whose first steps turn on the sign of each gradient; measured values are in ARCHITECTURE, The library. */
export const trainingBound = 2e-6

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
 * A multilayer perceptron, 6 → 16 → 16 → 3, with relu between, on batches of two sizes: forward, loss, backward, clipping, AdamW, and nothing read before
 * `beforeReading` was called.
 */
export async function trainMlp(
  name: BackendName,
  steps: number,
  beforeReading: () => void = () => {},
  beforeAll: () => void = () => {},
): Promise<Trained> {
  const backend = await useBackend(name)
  beforeAll()
  const model = sequential(
    linear(6, 16, { seed: 1 }),
    relu(),
    linear(16, 16, { seed: 2 }),
    relu(),
    linear(16, 3, { seed: 3 }),
  )
  const params = model.parameters()
  const optimizer = adamw(params, { lr: 0.01, weightDecay: 0.1 })
  const losses: Tensor[] = []
  for (let step = 0; step < steps; step++) {
    const rows = step % 2 === 0 ? 12 : 20
    const inputs = numbers(rows * 6, 100 + step)
    const classes = Array.from({ length: rows }, (_, row) =>
      inputs[row * 6]! > 0.3 ? 2 : Number(inputs[row * 6 + 1]! > 0),
    )
    const outputs = model(tensor(inputs, { shape: [rows, 6] }))
    const loss = crossEntropy(outputs, tensor(classes))
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
