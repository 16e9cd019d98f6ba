import type { Backend } from '../backend/backend.js'
import type { ModelState } from '../nn/modelState.js'
import { type EarlyStopping, earlyStopping } from '../regularizers/earlyStopping.js'
import type { Plateau } from '../schedules/reduceOnPlateau.js'
import {
  type Checkpoint,
  checkpointFromBytes,
  checkpointToBytes,
  checkSettings,
  fingerprint,
  type Settings,
} from './checkpoint.js'
import { type EpochRecord, valueIn } from './epochRecord.js'
import { History, type Stopped } from './history.js'
import { loadAll, part } from './loadAll.js'
import type { Model } from './model.js'
import { bestMode, type Fit, knownMode } from './options.js'
import { fileStore } from './store.js'
import { Tally } from './tally.js'
import { plateausOf } from './trainable.js'

/** What a run remembers beside its weights. */
export class Run {
  readonly rows: EpochRecord[] = []
  /** Steps of all epochs. */
  step = 0
  tally: Tally
  stopped: Stopped | undefined
  readonly #model: Model
  readonly #fit: Fit
  readonly #backend: Backend
  readonly #plateaus: readonly Plateau[]
  readonly #stopping: EarlyStopping | undefined
  #best: ModelState | null = null
  #began = performance.now()

  constructor(model: Model, fit: Fit) {
    this.#model = model
    this.#fit = fit
    this.#backend = model.parameters()[0]!.backend
    this.#plateaus = [
      ...new Set([...plateausOf(fit.optimizer), ...(fit.plateau ? [fit.plateau] : [])]),
    ]
    const wanted = knownMode(fit.monitor)
    for (const { mode } of this.#plateaus)
      if (wanted && mode !== wanted)
        throw new RangeError(
          `fit: reduceOnPlateau has mode "${mode}", and ${wanted === 'max' ? 'more' : 'less'} of ${fit.monitor} is better: give it mode: '${wanted}', or fit another monitor`,
        )
    this.tally = new Tally(this.#backend)
    if (!fit.earlyStopping) return
    const { monitor = fit.monitor, restoreBest: _, ...options } = fit.earlyStopping
    const mode = bestMode('fit: earlyStopping', monitor, options.mode)
    this.#stopping = earlyStopping({ ...options, mode })
  }

  /** Epochs that are over. */
  get epoch(): number {
    return this.rows.length
  }

  get history(): History {
    return new History([...this.rows], this.stopped)
  }

  begin(): void {
    this.#began = performance.now()
  }

  get seconds(): number {
    return (performance.now() - this.#began) / 1000
  }

  /** Takes in what the epoch was like: who watches a column may lower the rate, keep the weights, or end the run. */
  async observe(row: EpochRecord): Promise<void> {
    this.rows.push(row)
    this.tally.release()
    this.tally = new Tally(this.#backend)
    const { monitor, earlyStopping: options } = this.#fit
    for (const plateau of this.#plateaus) plateau.observe(valueIn(row, monitor)!)
    if (!this.#stopping || !options) return
    const column = options.monitor ?? monitor
    const { improved, stop, best, bestStep } = this.#stopping.observe(valueIn(row, column)!)
    if (improved && options.restoreBest) this.#best = await this.#model.stateDict()
    if (!stop) return
    const back = options.restoreBest ? '; its weights are back in the model' : ''
    const message = `${column} did not improve for ${row.epoch - 1 - bestStep} epochs: training stopped after epoch ${row.epoch}. The best was ${best} in epoch ${bestStep + 1}${back}.`
    this.stopped = { why: 'earlyStopping', epoch: row.epoch, step: row.step, message }
  }

  /** The best weights come back, if that was asked for. */
  restoreBest(): void {
    if (this.#best) this.#model.loadStateDict(this.#best)
  }

  get #settings(): Settings {
    const { seed, batchSize, accumulate, train } = this.#fit
    const rows = typeof train === 'function' ? null : train.length
    return { seed, batchSize, accumulate, rows }
  }

  get #place() {
    const { path, store = fileStore, key = 'downhill' } = this.#fit.checkpoint!
    return { store, key: path ?? key }
  }

  /** Keeps all of it, if a checkpoint is asked for. */
  async save(): Promise<void> {
    const { checkpoint, optimizer, average } = this.#fit
    if (!checkpoint) return
    const parts: Checkpoint = {
      format: 'downhill.checkpoint',
      version: 1,
      backend: fingerprint(this.#backend),
      settings: this.#settings,
      epoch: this.epoch,
      step: this.step,
      rows: this.rows,
      tally: this.tally.steps > 0 ? await this.tally.state() : null,
      seconds: this.tally.steps > 0 ? this.seconds : 0,
      model: await this.#model.stateDict(),
      optimizer: await optimizer.stateDict(),
      average: (await average?.stateDict()) ?? null,
      plateaus: this.#plateaus.map((plateau) => plateau.stateDict()),
      stopping: (await this.#stopping?.stateDict()) ?? null,
      best: this.#best,
      // What was aborted goes on, and so does what was over, for more epochs.
      stopped: this.stopped?.why === 'earlyStopping' ? this.stopped : null,
    }
    const { store, key } = this.#place
    await store.set(key, checkpointToBytes(parts))
  }

  /** Goes on from the checkpoint, if there is one. @throws RangeError for one that does not fit; nothing is changed then */
  async resume(): Promise<void> {
    const { store, key } = this.#place
    const bytes = await store.get(key)
    if (!bytes) return
    const saved = checkpointFromBytes(bytes, key)
    checkSettings(saved, fingerprint(this.#backend), this.#settings)
    await this.#load(saved)
    this.rows.push(...saved.rows)
    this.step = saved.step
    this.#best = saved.best
    this.stopped = saved.stopped ?? undefined
    if (saved.tally) {
      this.tally.release()
      this.tally = new Tally(this.#backend, saved.tally)
    }
    this.#began = performance.now() - 1000 * saved.seconds
  }

  async #load(saved: Checkpoint): Promise<void> {
    const model = this.#model
    const { optimizer, average } = this.#fit
    const plateaus = Math.max(this.#plateaus.length, saved.plateaus.length)
    await loadAll([
      // Tried first, to be refused while nothing has changed; it is loaded when the run is over.
      ...(saved.best ? [part('the best weights', model, saved.best)] : []),
      part('the model', model, saved.model),
      part('the optimizer', optimizer, saved.optimizer),
      part('the average', average, saved.average),
      part('early stopping', this.#stopping, saved.stopping),
      ...Array.from({ length: plateaus }, (_, k) =>
        part(`plateau ${k}`, this.#plateaus[k], saved.plateaus[k] ?? null),
      ),
    ])
  }
}
