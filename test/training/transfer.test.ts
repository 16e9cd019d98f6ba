import {
  accuracy,
  adamw,
  type CheckpointStore,
  Dataset,
  digits,
  evaluate,
  type FitOptions,
  fit,
  type Layer,
  linear,
  relu,
  sequential,
  split,
  stagedUnfreeze,
  useBackend,
} from 'downhill'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { timeless, weightsOf } from '../support/fits.js'

/** Digits from `first` to `first + 4`, as classes 0 to 4, with pixels from 0 to 1. */
async function five(first: number): Promise<Dataset> {
  const some = (await digits()).filter((digit) => digit >= first && digit < first + 5)
  return new Dataset({
    ...some,
    x: some.x.map((row) => row.map((pixel) => pixel / 16)),
    y: some.y.map((digit) => digit - first),
    classes: some.classes.slice(first, first + 5),
  })
}

const quiet = { progress: false } as const
const bodyOf = (seed: number) => sequential(linear(64, 32, { seed }), relu())
const withHead = (body: Layer) => sequential({ body, head: linear(32, 5, { seed: 7 }) })

let low: Dataset
let high: { train: Dataset; test: Dataset }
beforeAll(async () => {
  low = await five(0)
  // Few of the new task: this is what the old one is for.
  high = split(await five(5), { train: 40, seed: 1 })
})
afterEach(() => useBackend('auto'))

describe.each(['reference', 'simd'] as const)('from 0–4 to 5–9, on %s', (name) => {
  async function learned(): Promise<Layer> {
    await useBackend(name)
    const body = bodyOf(1)
    const model = withHead(body)
    const optimizer = adamw(model.parameters(), { lr: 0.01 })
    const history = await fit(model, { train: low, optimizer, epochs: 8, ...quiet })
    expect(history.last.trainLoss).toBeLessThan(0.1)
    return body
  }

  /** The new task, head first and then all of it: the head at a larger rate. */
  const moveOn = (
    body: Layer,
    { every = 6, ...more }: { every?: number } & Partial<FitOptions> = {},
  ) => {
    const model = withHead(body)
    const [old, head] = [body.parameters(), model.parameters().slice(2)]
    const groups = [{ params: head }, { params: old, lr: 2e-3 }]
    const options = {
      train: high.train,
      optimizer: adamw(groups, { lr: 0.02 }),
      epochs: 16,
      batchSize: 8,
      stages: stagedUnfreeze([head, old], { every }),
      ...quiet,
      ...more,
    }
    return { model, run: fit(model, options) }
  }
  const scoreOf = async (model: Layer) =>
    (await evaluate(model, high.test, { metrics: { accuracy } })).metrics.accuracy!

  test('the body waits for its stage, and then helps', async () => {
    const body = await learned()
    const before = weightsOf(body)
    const moved: boolean[] = []
    const { model, run } = moveOn(body, {
      onEpoch: () => void moved.push(String(weightsOf(body)) !== String(before)),
    })
    const history = await run
    expect(history.column('stages')).toEqual([...Array(6).fill(1), ...Array(10).fill(2)])
    expect(moved).toEqual([...Array(6).fill(false), ...Array(10).fill(true)])
    const headAlone = moveOn(await learned(), { every: 1000 })
    await headAlone.run
    const [staged, alone] = [await scoreOf(model), await scoreOf(headAlone.model)]
    // No more is claimed: on digits a network that starts anew is as good.
    expect(staged).toBeGreaterThan(alone + 0.05)
    expect(staged).toBeGreaterThan(0.7)
  })

  test('resumed in the second stage it ends as the run that was not ended', async () => {
    const weights = await (await learned()).stateDict()
    const fresh = () => {
      const body = bodyOf(1)
      body.loadStateDict(weights)
      return body
    }
    const kept = new Map<string, Uint8Array>()
    const store: CheckpointStore = {
      get: (key) => kept.get(key),
      set: (key, bytes) => kept.set(key, bytes),
    }
    const whole = moveOn(fresh())
    const expected = await whole.run
    for (const epochs of [3, 8])
      await moveOn(fresh(), { epochs, checkpoint: { store }, resume: true }).run
    const last = moveOn(fresh(), { checkpoint: { store }, resume: true })
    expect(timeless(await last.run)).toEqual(timeless(expected))
    expect(weightsOf(last.model)).toEqual(weightsOf(whole.model))
  })
})
