import { lintFit } from '../advisor/lintFit.js'
import { clipGradNorm } from '../clipping/clipGradNorm.js'
import { gradientNoise } from '../regularizers/gradientNoise.js'
import { rowsOf, stepsOf } from './data.js'
import type { EpochRecord } from './epochRecord.js'
import { evaluate } from './evaluate.js'
import { type History, nonFinite } from './history.js'
import { checkLoss } from './loss.js'
import type { Model } from './model.js'
import { checkFit, type Fit, type FitOptions } from './options.js'
import { Run } from './run.js'
import { checkPath } from './store.js'
import { summaryOf } from './tally.js'
import { lastRates, movedBy } from './trainable.js'
import { Watch } from './watch.js'

/**
 * Trains a model: for each epoch, for each batch, the loss, its gradients, a step; then the validation. What it does is what a loop of one's own does:
 *   optimizer.zeroGrad(); loss(model(x), y).backward(); clipGradNorm(params, clip); optimizer.step()
 * Within an epoch nothing is read back: the losses and norms are summed where they are. When the loss is NaN or infinite, the run stops after that epoch
 * and says at which step it was: the history has all epochs, `history.stopped` the reason. Afterwards the model is in evaluate mode, with its averaged
 * weights (`average`, or those of the optimizer) or its best ones (`earlyStopping: { restoreBest: true }`), if that was asked for.
 * Defaults  batch size 32, seed 0, one batch a step, no clipping, no early stopping.
 * Tests     test/training/fit.test.ts, test/training/resume.test.ts
 * @throws RangeError or TypeError for options that cannot be, before anything is computed; RangeError for a checkpoint of another run
 * @example
 * const { train, validation } = split(await digits(), { train: 200, validation: 100, seed: 1 })
 * const history = await fit(network, {
 *   train,
 *   validation,
 *   optimizer: adamw(network.parameters(), { lr: 1e-2 }),
 *   epochs: 3,
 *   clip: 1,
 *   metrics: { accuracy },
 *   earlyStopping: { patience: 10, minDelta: 1e-3, restoreBest: true },
 * })
 * history.column('epoch')   // [1, 2, 3]
 */
export async function fit(model: Model, options: FitOptions): Promise<History> {
  const given = checkFit(model, options)
  const { train, loss, optimizer, epochs, accumulate, penalty, average } = given
  if (given.lint ?? given.progress ?? true) lintFit(given)
  const clip = clipOf(given)
  hideAverages(given)
  const run = new Run(model, given)
  if (given.checkpoint?.path !== undefined) await checkPath(given.checkpoint.path)
  if (given.resume) await run.resume()
  const watch = watchOf(run, given)
  try {
    while (!run.stopped && run.epoch < epochs) {
      if (run.tally.steps === 0) run.begin()
      const stages = given.stages?.(run.epoch)
      model.train()
      const { params, others } = movedBy(optimizer, model)
      const cut = { size: given.batchSize, seed: given.seed, count: accumulate }
      for (const step of stepsOf(train, run.epoch, { ...cut, skipped: run.tally.steps })) {
        optimizer.zeroGrad()
        for (const param of others) param.grad = null
        for (const batch of step.batches) {
          const rows = rowsOf(batch)
          const { x, y } = batch
          const value = checkLoss('fit', loss(model(x), y))
          run.tally.loss(value.array, rows)
          const total = penalty ? value.add(penalty(model)) : value
          // The mean over all rows of the step, when they come in parts.
          const part = rows === step.rows ? total : total.mul(rows / step.rows)
          part.backward()
        }
        const norm = clipGradNorm(params, clip.limit, clip.options)
        if (given.gradientNoise) gradientNoise(params, run.step, given.gradientNoise)
        optimizer.step()
        average?.update()
        run.step += 1
        run.tally.step(norm.array, clip.largest)
        await watch.step()
        if (given.signal?.aborted) break
        const { everySteps } = given.checkpoint ?? {}
        if (everySteps && run.step % everySteps === 0) await run.save()
      }
      if (given.signal?.aborted) await abort(run)
      else await endEpoch(model, run, given, stages)
      await watch.epoch(run.history)
    }
    run.stopped ??= overMessage(run)
  } finally {
    await watch.end(run.history)
  }
  model.evaluate()
  showAverages(given)
  run.restoreBest()
  return run.history
}

/** What `clipGradNorm` is given; an infinite limit measures the norm and scales nothing. */
function clipOf({ clip = Number.POSITIVE_INFINITY }: Fit) {
  const { limit, ...options } = typeof clip === 'number' ? { limit: clip } : clip
  return { limit, options, largest: Math.min(limit - (options.eps ?? 1e-6), Number.MAX_VALUE) }
}

/** The averaged weights, where there are such, are those that are measured. */
function showAverages({ optimizer, average }: Fit): void {
  if (optimizer.averages) optimizer.evaluate?.()
  average?.apply()
}

function hideAverages({ optimizer, average }: Fit): void {
  average?.restore()
  optimizer.train?.()
}

/** What the model is like after an epoch. */
async function measure(model: Model, given: Fit) {
  const { validation, train, loss, metrics, batchSize } = given
  if (!validation && Object.keys(metrics).length === 0) return { metrics: {} }
  const options = { loss, metrics, batchSize: Math.max(batchSize, 256) }
  const found = await evaluate(model, validation ?? train, options)
  return { ...(validation && { validationLoss: found.loss }), metrics: found.metrics }
}

async function endEpoch(model: Model, run: Run, given: Fit, stages?: number): Promise<void> {
  if (run.tally.steps === 0) throw new RangeError(`fit: train gave no batch in epoch ${run.epoch}`)
  const { odd, clipped: share, ...sums } = summaryOf(await run.tally.state())
  const before = run.step - run.tally.steps
  showAverages(given)
  try {
    const row: EpochRecord = {
      epoch: run.epoch + 1,
      step: run.step,
      ...sums,
      ...(await measure(model, given)),
      lr: lastRates(given.optimizer),
      ...(given.clip !== undefined && { clipped: share }),
      ...(stages !== undefined && { stages }),
      seconds: run.seconds,
    }
    await run.observe(row)
    if (odd > 0) run.stopped = nonFinite(row, before + odd)
    await given.onEpoch?.(row, run.history)
  } finally {
    hideAverages(given)
  }
  // What has gone wrong is not worth going on from: the checkpoint before stays.
  const { every = 1 } = given.checkpoint ?? {}
  const due = run.epoch % every === 0 || run.stopped || run.epoch === given.epochs
  if (odd === 0 && due) await run.save()
}

async function abort(run: Run): Promise<void> {
  await run.save()
  const [epoch, step] = [run.epoch + 1, run.step]
  const message = `The signal ended the run at step ${step}, in epoch ${epoch}.`
  run.stopped = { why: 'aborted', epoch, step, message }
}

function overMessage(run: Run) {
  const message = `All ${run.epoch} epochs are over.`
  return { why: 'epochs', epoch: run.epoch, step: run.step, message } as const
}

function watchOf(run: Run, { train, epochs, accumulate, batchSize, progress = true }: Fit) {
  const label = 'training'
  if (typeof train === 'function') return new Watch({ label, shown: progress })
  const steps = Math.ceil(Math.ceil(train.length / batchSize) / accumulate)
  const total = run.stopped ? 0 : Math.max(0, steps * epochs - run.step)
  return new Watch({ label, shown: progress, total })
}
