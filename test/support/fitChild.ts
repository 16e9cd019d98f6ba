// A run that a test kills and starts again: node fitChild.js CHECKPOINT RESULT BACKEND everySteps STOP. A line on stdout for each batch;
// at batch STOP it stands still, so that who kills it there may be as slow as he likes. 0: nowhere.
import { writeFileSync } from 'node:fs'
import {
  accuracy,
  adamw,
  batchNorm,
  crossEntropy,
  digits,
  dropout,
  ema,
  fit,
  l2Penalty,
  linear,
  lookahead,
  product,
  reduceOnPlateau,
  relu,
  sequential,
  split,
  useBackend,
  warmup,
} from 'downhill'

type Args = [path: string, result: string, name: 'simd', everySteps: string, stop: string]
const [path, result, name, everySteps, stop] = process.argv.slice(2) as Args
let begun = 0
function begin(): void {
  process.stdout.write('batch\n')
  begun += 1
  if (begun === Number(stop)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
await useBackend(name)
const { train, validation } = split(await digits(), { train: 200, validation: 100, seed: 1 })
const model = sequential(
  linear(64, 12, { seed: 1 }),
  batchNorm(12),
  relu(),
  dropout(0.2, { seed: 4 }),
  linear(12, 10, { seed: 2 }),
)
const params = model.parameters()
const plateau = reduceOnPlateau({ peak: 1, factor: 0.5, patience: 0, threshold: 0.05 })
const lr = product(warmup({ peak: 0.02, warmup: 10 }), plateau)
const history = await fit(model, {
  train,
  validation,
  loss: (output, y) => {
    if (model.training) begin()
    return crossEntropy(output, y, { labelSmoothing: 0.1 })
  },
  optimizer: lookahead(adamw(params, { lr, amsgrad: true }), { k: 3 }),
  epochs: 6,
  batchSize: 16,
  seed: 5,
  accumulate: 2,
  clip: 2,
  metrics: { accuracy },
  earlyStopping: { patience: 3, minDelta: 0.01, restoreBest: true },
  penalty: () => l2Penalty(params, 1e-4),
  average: ema(params, { decay: 0.95, initial: 'zero' }),
  gradientNoise: { eta: 0.01, seed: 3 },
  plateau,
  checkpoint: { path, ...(everySteps !== '0' && { everySteps: Number(everySteps) }) },
  resume: true,
  progress: false,
})
const rows = history.rows.map(({ seconds: _, ...row }) => row)
const weights = params.map((param) => [...param.dataSync()])
writeFileSync(
  result,
  JSON.stringify({ rows, weights, stopped: history.stopped, rate: plateau.rate }),
)
