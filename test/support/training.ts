import {
  adamw,
  type BackendName,
  batchNorm,
  clipGradNorm,
  conv2d,
  crossEntropy,
  dropout,
  embedding,
  flatten,
  layerNorm,
  linear,
  manualSeed,
  maxPool2d,
  relu,
  sequential,
  sgd,
  type Tensor,
  tanh,
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

/** Layers of every kind: convolution, norms, dropout, an embedding, three steps of SGD. @returns the largest gap to the reference, as a share of the largest weight */
export async function layersError(name: BackendName): Promise<number> {
  const [ours, theirs] = [await trainLayers(name), await trainLayers('reference')]
  const largest = Math.max(...theirs.map(Math.abs))
  return Math.max(...ours.map((x, k) => Math.abs(x - theirs[k]!))) / largest
}

async function trainLayers(name: BackendName): Promise<number[]> {
  await useBackend(name)
  manualSeed(3)
  const model = sequential(
    conv2d(1, 4, 3, { padding: 1 }),
    batchNorm(4),
    relu(),
    maxPool2d(2),
    flatten(),
    linear(16, 12),
    layerNorm(12),
    tanh(),
    dropout(0.3),
    linear(12, 3),
  )
  const words = embedding(7, 5)
  const params = [...model.parameters(), ...words.parameters()]
  const optimizer = sgd(params, { lr: 0.05, momentum: 0.9 })
  for (let step = 0; step < 3; step++) {
    const images = tensor(numbers(6 * 16, 200 + step), { shape: [6, 1, 4, 4] })
    const loss = crossEntropy(model(images), tensor([0, 1, 2, 0, 1, 2]))
    optimizer.zeroGrad()
    loss
      .add(
        words(tensor([1, 1, 3, 6, 1]))
          .square()
          .mean(),
      )
      .backward()
    optimizer.step()
  }
  const values = await Promise.all(params.map((param) => param.data()))
  await useBackend('reference')
  return values.flatMap((list) => [...list])
}
