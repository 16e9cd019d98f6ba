import { checkNames, checkOption, fraction, period, positive } from '../backend/options.js'
import { ProgressBar } from '../host/progress-bar.js'
import { type Displayable, displaySymbol, inspectSymbol, type MimeBundle } from '../host/types.js'
import { seedOption } from '../nn/random.js'
import type { Figure } from '../plots/figure.js'
import { type RangeRow, rangePlot } from '../plots/range-plot.js'
import { checkData, epochOf, type TrainingData } from './data.js'
import { checkLoss, defaultLoss, type Loss } from './loss.js'
import { checkModel, type Model } from './model.js'
import { type PickedRate, pickLearningRate } from './pickLearningRate.js'
import { checkAllInModel, checkOptimizer, type Trainable } from './trainable.js'

/** Options of `findLearningRate`. */
export interface FindLearningRate {
  train: TrainingData
  /** Default: `crossEntropy` for a data set with classes, else `mse`. */
  loss?: Loss
  optimizer: Trainable
  /** The first rate. Default 1e-7. */
  from?: number
  /** The last, unless the loss diverges before. Default 10. */
  to?: number
  /** Default 100. */
  steps?: number
  /** Default 32. */
  batchSize?: number
  /** Of the order of the rows. Default 0. */
  seed?: number
  /** The share of the old in the smoothed loss, which is corrected for its start at 0. Default 0.9. */
  smoothing?: number
  /** It stops when the smoothed loss is larger than its smallest so many times. Default 4. */
  divergence?: number
  /** Default true. */
  progress?: boolean
}

const spec = {
  from: positive(1e-7),
  to: positive(10),
  steps: {
    ...period(100),
    range: 'a whole number ≥ 2',
    allows: (n: number) => n >= 2 && Number.isInteger(n),
  },
  batchSize: period(32),
  seed: { ...seedOption, default: 0 },
  smoothing: fraction(0.9),
  divergence: { ...positive(4), range: '> 1', allows: (n: number) => n > 1 },
}

/** What a range test found: `findLearningRate(…)`. */
export class LearningRateSearch implements Displayable, PickedRate {
  readonly rows: readonly RangeRow[]
  readonly steepest: number
  readonly minimumOverTen: number
  /** Whether it ended before the last rate, since the loss had become too large. */
  readonly diverged: boolean

  /** @internal Use `findLearningRate`. */
  constructor(rows: readonly RangeRow[], diverged: boolean) {
    this.rows = rows
    this.diverged = diverged
    const picked = pickLearningRate(
      rows.map(({ lr }) => lr),
      rows.map(({ smoothed }) => smoothed),
    )
    this.steepest = picked.steepest
    this.minimumOverTen = picked.minimumOverTen
  }

  /** The curve, with both suggestions on it. */
  plot(): Figure {
    const { steepest, minimumOverTen } = this
    return rangePlot(this.rows, {
      marks: { 'steepest descent': steepest, 'minimum / 10': minimumOverTen },
    })
  }

  /** The suggestions in words. */
  toString(): string {
    const short = (rate: number) => Number(rate.toPrecision(2))
    const [first, last] = [this.rows[0]!, this.rows.at(-1)!]
    const end = this.diverged ? ', where the loss diverged' : ''
    const range = `${this.rows.length} steps, rates from ${short(first.lr)} to ${short(last.lr)}${end}.`
    if (Number.isNaN(this.steepest))
      return `${range} The loss never fell: try rates that are further apart, or look at the data and the loss.`
    return `${range} Where the loss falls fastest: ${short(this.steepest)}. A tenth of where it is smallest: ${short(this.minimumOverTen)}.`
  }

  /** @internal A console shows the words. */
  [inspectSymbol](): string {
    return this.toString()
  }

  /** The figure, with the words as its text. */
  async [displaySymbol](): Promise<MimeBundle> {
    return { ...(await this.plot()[displaySymbol]()), 'text/plain': this.toString() }
  }
}

/**
 * The range test: trains with a rate that grows exponentially from step to step, and watches the loss. Then model and optimizer get back what they had,
 * random counts included: the test leaves no trace. What suits is below the rate where the loss is smallest.
 *   rate_k = from · (to/from)^(k/(steps − 1)), k = 0 … steps − 1; groups whose rates are numbers keep their ratio to the first
 * Source    Smith 2017, arXiv:1506.01186, §3.3; exponential growth, smoothing and both suggestions as in fastai.
 * Differs   It reads the loss at each step, to know when to stop. fastai's smoothing is 0.98, which lags behind by half a test.
 * Defaults  1e-7 to 10 in 100 steps, smoothing 0.9, divergence 4.   Tests  test/training/findLearningRate.test.ts
 * @throws RangeError or TypeError for options that cannot be, before anything is computed
 * @example
 * const search = await findLearningRate(network, { train: await digits(), optimizer: adamw(network.parameters()), from: 1e-5, to: 1, steps: 40 })
 * search.steepest > 1e-5 && search.steepest < 1   // true
 */
export async function findLearningRate(
  model: Model,
  options: FindLearningRate,
): Promise<LearningRateSearch> {
  checkNames('findLearningRate', { train: 1, optimizer: 1, loss: 1, progress: 1, ...spec }, options)
  const { train, optimizer, loss, progress = true, ...numbers } = options
  checkModel('findLearningRate', model)
  checkData('findLearningRate', 'train', train)
  checkOptimizer('findLearningRate', optimizer, model)
  checkAllInModel('findLearningRate', 'it gives back', optimizer, model)
  const given = { ...defaults, ...defined(numbers) }
  for (const [name, option] of Object.entries(spec))
    checkOption('findLearningRate', name, option, given[name as keyof typeof spec])
  if (given.to <= given.from)
    throw new RangeError(`findLearningRate: to must be > from (${given.from}), got ${given.to}`)
  const putBack = await remember(model, optimizer)
  const bar = progress
    ? new ProgressBar({ total: given.steps, label: 'learning rates' })
    : undefined
  try {
    model.train()
    const sweep = {
      ...given,
      train,
      optimizer,
      loss: loss ?? defaultLoss('findLearningRate', train),
    }
    return await run(model, sweep, () => bar?.advance())
  } finally {
    bar?.end()
    putBack()
  }
}

const defaults = Object.fromEntries(
  Object.entries(spec).map(([name, option]) => [name, option.default]),
) as Record<keyof typeof spec, number>

const defined = <T extends object>(given: T): Partial<T> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>

/** Model and optimizer as they are now. */
async function remember(model: Model, optimizer: Trainable): Promise<() => void> {
  optimizer.train?.()
  const { training } = model
  const groups = optimizer.groups as readonly { lr?: unknown }[]
  const rates = groups.map(({ lr }) => lr)
  const [weights, state] = await Promise.all([model.stateDict(), optimizer.stateDict()])
  return () => {
    for (const [k, group] of groups.entries()) if (rates[k] !== undefined) group.lr = rates[k]
    model.loadStateDict(weights)
    optimizer.loadStateDict(state)
    optimizer.zeroGrad()
    if (!training) model.evaluate()
  }
}

type Sweep = Record<keyof typeof spec, number> & {
  train: TrainingData
  loss: Loss
  optimizer: Trainable
}

async function run(model: Model, sweep: Sweep, advance: () => void): Promise<LearningRateSearch> {
  const { optimizer, loss, from, to, steps, smoothing, divergence } = sweep
  const groups = optimizer.groups as readonly { lr?: unknown }[]
  const [first] = groups.map(({ lr }) => lr)
  const ratios = groups.map(({ lr }) =>
    typeof lr === 'number' && typeof first === 'number' && first > 0 ? lr / first : 1,
  )
  const rows: RangeRow[] = []
  let mean = 0
  let best = Number.POSITIVE_INFINITY
  for (const { x, y } of endless(sweep)) {
    const lr = from * (to / from) ** (rows.length / (steps - 1))
    for (const [k, group] of groups.entries()) group.lr = lr * ratios[k]!
    optimizer.zeroGrad()
    const value = checkLoss('findLearningRate', loss(model(x), y))
    value.backward()
    const now = await value.item()
    mean = smoothing * mean + (1 - smoothing) * now
    const smoothed = mean / (1 - smoothing ** (rows.length + 1))
    best = Math.min(best, smoothed)
    rows.push({ lr, loss: now, smoothed })
    if (!Number.isFinite(now) || smoothed > divergence * best)
      return new LearningRateSearch(rows, true)
    if (rows.length === steps) break
    optimizer.step()
    advance()
  }
  return new LearningRateSearch(rows, false)
}

/** The batches of one epoch after the other. */
function* endless({ train, batchSize: size, seed }: Sweep) {
  for (let epoch = 0; ; epoch++) {
    let any = false
    for (const batch of epochOf(train, epoch, { size, seed })) {
      any = true
      yield batch
    }
    if (!any) throw new RangeError(`findLearningRate: train gave no batch in epoch ${epoch}`)
  }
}
