import { checkOption, period } from '../backend/options.js'
import { noGrad } from '../nn/noGrad.js'
import type { Tensor } from '../nn/tensor.js'
import { checkData, inOrder, rowsOf, type TrainingData } from './data.js'
import { defaultLoss, type Loss } from './loss.js'
import { checkMetrics, type Metric } from './metrics.js'
import { checkModel, inEvaluation, type Model } from './model.js'

/** Options of `evaluate`. */
export interface EvaluateOptions {
  /** The mean loss of a batch. Default: `crossEntropy` for a data set with classes, else `mse`. */
  loss?: Loss
  /** What else to measure, by name: `{ accuracy }`. */
  metrics?: Readonly<Record<string, Metric>>
  /** Rows that the model is given at once. */
  batchSize?: number
}

/** What `evaluate` measured. */
export interface Evaluation {
  /** The mean over the rows. */
  loss: number
  metrics: Record<string, number>
}

/** Of [rows] or [rows, …]: the numbers of each row. */
function rowsIn(values: Float64Array, rows: number): number[][] {
  const width = values.length / rows
  return Array.from({ length: rows }, (_, k) => {
    // Spreading a view takes several times as long, and every validation of every epoch comes through here.
    const row: number[] = []
    for (let at = k * width; at < (k + 1) * width; at++) row.push(values[at]!)
    return row
  })
}

function measured(name: string, value: unknown): number {
  if (typeof value === 'number') return value
  const what = value instanceof Promise ? 'a promise; it must not be async' : typeof value
  throw new TypeError(`evaluate: the metric "${name}" must give a number, got ${what}`)
}

/** What a model gives for each batch, and its loss; read only when all of it is computed. */
async function run(
  model: Model,
  data: TrainingData,
  { loss, outputs, size }: { loss?: Loss; outputs: boolean; size: number },
) {
  const parts = await inEvaluation(model, () =>
    Promise.all(
      Array.from(inOrder(data, size), ({ x, y }) => {
        const rows = rowsOf({ x, y })
        const kept = noGrad(() => {
          const output = model(x)
          return { output: outputs ? output : undefined, value: loss?.(output, y) }
        })
        return read(rows, { ...kept, y: outputs ? y : undefined })
      }),
    ),
  )
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  return {
    loss: parts.reduce((sum, part) => sum + part.loss * part.rows, 0) / rows,
    outputs: parts.flatMap((part) => part.outputs),
    targets: parts.flatMap((part) => part.targets),
  }
}

/** The reads begin at once, so that nothing needs to stay on the device. */
async function read(
  rows: number,
  { output, value, y }: Partial<Record<'output' | 'value' | 'y', Tensor>>,
) {
  const [values, loss, targets] = await Promise.all([output?.data(), value?.item(), y?.data()])
  for (const tensor of [output, value]) if (tensor) tensor.backend.park(tensor.array)
  return {
    rows,
    loss: loss ?? Number.NaN,
    outputs: values ? rowsIn(values, rows) : [],
    targets: [...(targets ?? [])],
  }
}

/**
 * Measures a model in evaluate mode, without recording; the mode that it was in comes back.
 * Tests     test/training/evaluate.test.ts
 * @throws TypeError for what is no model or no data
 * @example const { loss: testLoss, metrics } = await evaluate(network, await digits(), { metrics: { accuracy } })
 */
export async function evaluate(
  model: Model,
  data: TrainingData,
  { loss: given, metrics = {}, batchSize = 256 }: EvaluateOptions = {},
): Promise<Evaluation> {
  checkModel('evaluate', model)
  checkData('evaluate', 'the data', data)
  checkMetrics('evaluate', metrics)
  const loss = given ?? defaultLoss('evaluate', data)
  checkOption('evaluate', 'batchSize', period(), batchSize)
  const names = Object.keys(metrics)
  const found = await run(model, data, { loss, outputs: names.length > 0, size: batchSize })
  return {
    loss: found.loss,
    metrics: Object.fromEntries(
      names.map((name) => [name, measured(name, metrics[name]!(found.outputs, found.targets))]),
    ),
  }
}

/**
 * What a model gives for each row, in evaluate mode.
 * @throws TypeError for what is no model or no data
 * @example const outputs = await predict(network, await digits()); [outputs.length, outputs[0]?.length]   // [1797, 10]
 */
export async function predict(
  model: Model,
  data: TrainingData,
  { batchSize = 256 }: { batchSize?: number } = {},
): Promise<number[][]> {
  checkModel('predict', model)
  checkData('predict', 'the data', data)
  checkOption('predict', 'batchSize', period(), batchSize)
  return (await run(model, data, { outputs: true, size: batchSize })).outputs
}
