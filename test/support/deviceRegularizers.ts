import {
  confidencePenalty,
  decayWeights,
  earlyStopping,
  elasticNetPenalty,
  ema,
  gradientNoise,
  groupLassoPenalty,
  hardThreshold,
  l1Penalty,
  l2Penalty,
  logCoshPenalty,
  maxNorm,
  nuclearPenalty,
  orthogonalPenalty,
  parameter,
  softThreshold,
  swa,
  type Tensor,
  tensor,
} from 'downhill'

type Results = Record<string, ArrayLike<number>>

const list = {
  l1Penalty,
  l2Penalty,
  elasticNetPenalty,
  logCoshPenalty,
  groupLassoPenalty,
  orthogonalPenalty,
  nuclearPenalty,
  confidencePenalty: ([logits]: readonly Tensor[], strength: number) =>
    confidencePenalty(logits!, strength),
}

/** Value and gradient of every penalty. */
export async function penalties(results: Results, random: () => number): Promise<void> {
  for (const [name, penalty] of Object.entries(list)) {
    const w = parameter(Array.from({ length: 96 }, random), { shape: [12, 8] })
    const value = penalty([w], 0.3)
    value.backward()
    results[`${name}, value`] = [await value.item()]
    results[`${name}, gradient`] = await w.grad!.data()
  }
}

/** Weights after each change that is made in place, and a noisy gradient. */
export async function projections(results: Results, random: () => number): Promise<void> {
  const changes: Record<string, (w: Tensor) => void> = {
    softThreshold: (w) => softThreshold([w], 0.5),
    hardThreshold: (w) => hardThreshold([w], 0.5),
    decayWeights: (w) => decayWeights([w], 0.01),
    'maxNorm, rows': (w) => maxNorm([w], 2),
    'maxNorm, columns': (w) => maxNorm([w], 2, { units: 'columns' }),
  }
  for (const [name, change] of Object.entries(changes)) {
    const w = parameter(Array.from({ length: 96 }, random), { shape: [12, 8] })
    change(w)
    results[name] = await w.data()
  }
  const w = parameter(new Float64Array(96))
  w.grad = tensor(Array.from({ length: 96 }, random))
  gradientNoise([w], 5, { eta: 1, seed: 3 })
  results.gradientNoise = await w.grad.data()
}

/** What the averages show after some steps, and that the weights come back; the same of early stopping, whose copies are freed. */
export async function averages(results: Results, random: () => number): Promise<void> {
  const numbers = () => Array.from({ length: 50 }, random)
  const w = parameter(numbers())
  const all = {
    swa: swa([w], { start: 1, every: 2 }),
    ema: ema([w], { decay: 0.9 }),
    'ema from zero': ema([w], { decay: 0.9, initial: 'zero' }),
  }
  for (let step = 0; step < 8; step++) {
    w.array = w.backend.write(numbers())
    for (const average of Object.values(all)) average.update()
  }
  for (const [name, average] of Object.entries(all)) {
    average.apply()
    results[name] = await w.data()
    average.restore()
    const { params } = await average.stateDict()
    results[`${name}, state`] = params[0]!.arrays.average!
  }
  results['weights after the averages'] = await w.data()
  const stopping = earlyStopping({ restoreBest: true })
  for (const metric of [3, 4, 2, 1]) {
    stopping.observe(metric, [w])
    stopping.restore()
  }
  results['weights after early stopping'] = await w.data()
}
