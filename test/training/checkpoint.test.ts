import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  accuracy,
  adamw,
  type CheckpointStore,
  type Dataset,
  ema,
  type FitOptions,
  fit,
  reduceOnPlateau,
  sgd,
  swa,
  useBackend,
} from 'downhill'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { fingerprint } from '../../src/training/checkpoint.js'
import { pack, unpack } from '../../src/training/pack.js'
import { smallNet, someDigits, timeless, weightsOf } from '../support/fits.js'

const folder = mkdtempSync(join(tmpdir(), 'downhill-checkpoint-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => useBackend('auto'))

let data: { train: Dataset; validation: Dataset }
beforeAll(async () => {
  const { train, validation } = await someDigits({ train: 100, validation: 50 })
  data = { train, validation }
})

class Memory implements CheckpointStore {
  readonly kept = new Map<string, Uint8Array>()
  get(key: string) {
    return this.kept.get(key)
  }
  async set(key: string, bytes: Uint8Array) {
    this.kept.set(key, bytes)
  }
}

/** A run whose every part is made anew, as after a crash. */
async function run(options: Partial<FitOptions> = {}, hidden = 16) {
  const model = smallNet(1, hidden)
  const optimizer = options.optimizer ?? adamw(model.parameters(), { lr: 0.01 })
  const start = weightsOf(model)
  const given = { ...data, optimizer, epochs: 4, batchSize: 16, progress: false, ...options }
  const promise = fit(model, given)
  return { model, start, optimizer, promise }
}
const done = async (options: Partial<FitOptions> = {}) => {
  const { model, promise } = await run(options)
  return { history: await promise, weights: weightsOf(model) }
}

describe.each(['reference', 'simd'] as const)('on %s', (name) => {
  test('a run ended by a signal in the middle of an epoch goes on bit for bit', async () => {
    await useBackend(name)
    const penalty: FitOptions['penalty'] = (model) => model.parameters()[0]!.sum().mul(1e-3)
    const whole = await done({ penalty })
    const store = new Memory()
    const ends: number[] = []
    // Of 28 steps: within the first epoch, at its end, within the second, at once.
    for (const steps of [3, 4, 5, 1]) {
      const stop = new AbortController()
      let left = steps
      const counting: FitOptions['penalty'] = (model) => {
        left -= 1
        if (left === 0) stop.abort()
        return penalty(model)
      }
      const options = {
        checkpoint: { store },
        resume: true,
        signal: stop.signal,
        penalty: counting,
      }
      const { history } = await done(options)
      expect(history.stopped?.why).toBe('aborted')
      ends.push(history.stopped!.step)
    }
    expect(ends).toEqual([3, 7, 12, 13])
    const last = await done({ checkpoint: { store }, resume: true, penalty })
    expect(timeless(last.history)).toEqual(timeless(whole.history))
    expect(last.weights).toEqual(whole.weights)
  })

  test('more epochs go on from a run that was over', async () => {
    await useBackend(name)
    const store = new Memory()
    await done({ checkpoint: { store, every: 3 }, epochs: 2 })
    const longer = await done({ checkpoint: { store }, resume: true })
    const whole = await done()
    expect(timeless(longer.history)).toEqual(timeless(whole.history))
    expect(longer.weights).toEqual(whole.weights)
  })
})

test('a run that goes on puts the best weights back, also those from before it ended', async () => {
  const store = new Memory()
  // It gets worse from its second epoch on.
  const values = [3, 1, 2, 2, 2]
  const go = async (epochs: number, resume: boolean) => {
    const model = smallNet()
    let epoch = resume ? 3 : 0
    const history = await fit(model, {
      ...data,
      optimizer: adamw(model.parameters(), { lr: 0.01 }),
      epochs,
      batchSize: 16,
      metrics: { f1: () => values[epoch++]! },
      earlyStopping: { monitor: 'f1', mode: 'min', patience: 9, restoreBest: true },
      checkpoint: { store },
      resume,
      progress: false,
    })
    expect(history.rows).toHaveLength(epochs)
    return weightsOf(model)
  }
  const best = await go(3, false)
  expect(await go(5, true)).toEqual(best)
})

test('without resume a checkpoint is written over', async () => {
  const store = new Memory()
  await done({ checkpoint: { store, key: 'mine' }, epochs: 2 })
  expect([...store.kept.keys()]).toEqual(['mine'])
  const again = await done({ checkpoint: { store, key: 'mine' }, epochs: 1 })
  expect(again.history.rows).toHaveLength(1)
})

test('after a loss that is not finite the last good one stays', async () => {
  let bad = false
  const store = new Memory()
  const { history } = await done({
    checkpoint: { store },
    onEpoch({ epoch }) {
      if (epoch === 2) bad = true
    },
    penalty: (model) =>
      model
        .parameters()[0]!
        .sum()
        .mul(bad ? Number.NaN : 0),
  })
  expect(history.stopped?.why).toBe('nonFinite')
  const saved = unpack('DHC1', store.kept.get('downhill')!, (why) => {
    throw new Error(why)
  }) as { epoch: number }
  expect(saved.epoch).toBeLessThan(history.stopped!.epoch)
  bad = false
  const whole = await done()
  const resumed = await done({ checkpoint: { store }, resume: true })
  expect(timeless(resumed.history)).toEqual(timeless(whole.history))
})

describe('another run is refused by name, and nothing has changed', () => {
  const store = new Memory()
  const checkpoint = { store }
  const stopping = { patience: 3 }
  beforeAll(() => done({ checkpoint, epochs: 2, metrics: { accuracy } }))

  async function refused(options: Partial<FitOptions>, message: string | RegExp, hidden?: number) {
    const { model, start, optimizer, promise } = await run(
      { checkpoint, resume: true, ...options },
      hidden,
    )
    await expect(promise).rejects.toThrow(message)
    expect(weightsOf(model)).toEqual(start)
    expect(optimizer.steps).toBe(0)
  }

  test('settings', async () => {
    await refused(
      { seed: 1 },
      'fit: this checkpoint does not fit: seed is 0 there, 1 here; give the same',
    )
    await refused({ batchSize: 8 }, 'batchSize is 16 there, 8 here')
    await refused({ accumulate: 2 }, 'accumulate is 1 there, 2 here')
    await refused({ train: data.validation }, 'rows is 100 there, 50 here')
  })

  test('the backend', async () => {
    const here = fingerprint(smallNet().parameters()[0]!.backend)
    await useBackend('reference')
    await refused({}, `the backend is ${here} there, reference here`)
  })

  test('another model', () =>
    refused(
      {},
      /the model: sequential\(.*\): this state does not fit: 0\.weight has shape \[16,64\] there, \[8, 64\] here/,
      8,
    ))

  test('another optimizer: the model, which was loaded before, has its weights back', async () => {
    const model = smallNet()
    const start = weightsOf(model)
    const optimizer = sgd(model.parameters())
    const promise = fit(model, {
      ...data,
      optimizer,
      epochs: 4,
      batchSize: 16,
      checkpoint,
      resume: true,
      progress: false,
    })
    await expect(promise).rejects.toThrow(
      'the optimizer: sgd: this state does not fit: it was saved by adamw',
    )
    expect(weightsOf(model)).toEqual(start)
  })

  test('parts that were not there', async () => {
    await refused({ earlyStopping: stopping }, 'early stopping is not in it; give the same options')
    const model = smallNet()
    const average = ema(model.parameters())
    const optimizer = adamw(model.parameters())
    const mine = { ...data, optimizer, epochs: 4, batchSize: 16, progress: false, average }
    await expect(fit(model, { ...mine, checkpoint, resume: true })).rejects.toThrow(
      'the average is not in it',
    )
    await refused({ plateau: reduceOnPlateau({ peak: 1 }) }, 'plateau 0 is not in it')
  })

  test('parts that are not here', async () => {
    const other = new Memory()
    const model = smallNet()
    const optimizer = sgd(model.parameters())
    const options = {
      ...data,
      optimizer,
      epochs: 1,
      batchSize: 16,
      checkpoint: { store: other },
      progress: false,
    }
    await fit(model, { ...options, earlyStopping: stopping, average: swa(model.parameters()) })
    await expect(fit(model, { ...options, resume: true })).rejects.toThrow(
      'the average is in it, but not in this run',
    )
    const average = swa(model.parameters())
    await expect(fit(model, { ...options, resume: true, average })).rejects.toThrow(
      'early stopping is in it, but not in this run',
    )
    await expect(
      fit(model, {
        ...options,
        resume: true,
        earlyStopping: stopping,
        average: ema(model.parameters()),
      }),
    ).rejects.toThrow('the average: ema: this state does not fit: it was saved by swa')
  })
})

describe('bytes that are no checkpoint', () => {
  const store = new Memory()
  let saved: Record<string, unknown>
  beforeAll(async () => {
    await done({ checkpoint: { store }, epochs: 2, earlyStopping: { restoreBest: true } })
    saved = unpack('DHC1', store.kept.get('downhill')!, (why) => {
      throw new Error(why)
    }) as Record<string, unknown>
  })

  async function refused(bytes: Uint8Array, message: string) {
    const other = new Memory()
    other.kept.set('downhill', bytes)
    const options = {
      checkpoint: { store: other },
      resume: true,
      earlyStopping: { restoreBest: true },
    }
    const { model, start, promise } = await run(options)
    await expect(promise, message).rejects.toThrow(message)
    expect(weightsOf(model)).toEqual(start)
  }

  test('cut short, changed, something else', async () => {
    const bytes = store.kept.get('downhill')!
    for (const length of [0, 3, 11, 12, 100, bytes.length - 1])
      await refused(bytes.subarray(0, length), 'fit: downhill is no checkpoint to go on from: ')
    for (let k = 0; k < 25; k++) {
      const changed = bytes.slice()
      changed[Math.floor((k / 25) * bytes.length)]! ^= 4
      await refused(changed, 'is no checkpoint to go on from')
    }
    await refused(
      new TextEncoder().encode('{"format": "downhill.checkpoint"}'),
      'does not begin with DHC1',
    )
  })

  test('forged: every part is checked before anything changes', async () => {
    const model = saved.model as Record<string, { shape: number[]; data: number[] }>
    const rows = saved.rows as object[]
    const odd: [object, string][] = [
      [{ format: 'x' }, 'its format is not what it must be'],
      [{ version: 2 }, 'its version is 2, this library reads 1'],
      [{ epoch: -1 }, 'its epoch is not'],
      [{ epoch: 1 }, 'it has 2 rows of 1 epochs'],
      [{ step: 1.5 }, 'its step is not'],
      [{ rows: 'no' }, 'its rows is not'],
      [{ rows: [rows[0], { ...rows[1], lr: 'x' }] }, 'its rows is not'],
      [{ rows: [rows[0], { ...rows[1], toString: 'x' }] }, 'its rows is not'],
      [{ rows: [rows[0], { ...rows[1], metrics: { a: 'x' } }] }, 'its rows is not'],
      [{ tally: { losses: [1], norms: [1], rows: 1, steps: 1 } }, 'its tally is not'],
      [{ seconds: -1 }, 'its seconds is not'],
      [{ model: null }, 'its model is not'],
      [{ model: {} }, 'the model: sequential'],
      [
        { model: { ...model, '0.bias': { shape: [16], data: ['a'] } } },
        '0.bias must be 16 numbers',
      ],
      [{ model: { ...model, more: { shape: [], data: [1] } } }, 'it has more, which is not here'],
      [{ optimizer: {} }, 'it is not the state of an optimizer'],
      [{ best: { ...model, '0.bias': { shape: [16], data: [1] } } }, 'the best weights: '],
      [{ stopping: {} }, 'not the state of an early stopping'],
      [{ stopping: null }, 'early stopping is not in it'],
      [{ plateaus: [{}] }, 'plateau 0 is in it, but not in this run'],
      [{ stopped: { why: 'x', epoch: 1, step: 1, message: '' } }, 'its stopped is not'],
      [{ settings: {} }, 'seed is undefined there, 0 here'],
      [{ backend: 7 }, 'its backend is not'],
    ]
    for (const [change, message] of odd)
      await refused(pack('DHC1', { ...saved, ...change }), message)
    await refused(pack('DHC1', [saved]), 'it holds no object')
  })

  test('what was saved, unforged, is taken', async () => {
    const { history } = await done({
      checkpoint: { store },
      resume: true,
      earlyStopping: { restoreBest: true },
    })
    expect(history.rows).toHaveLength(4)
  })
})

describe('files', () => {
  test('one is written beside and renamed; nothing else stays', async () => {
    const path = join(folder, 'run.checkpoint')
    const sizes: number[] = []
    await done({
      checkpoint: { path },
      onEpoch: () => void sizes.push(existsSync(path) ? statSync(path).size : 0),
    })
    expect(sizes[0]).toBe(0)
    expect(sizes[1]).toBeGreaterThan(5000)
    expect(readdirSync(folder)).toEqual(['run.checkpoint'])
    const { history } = await done({ checkpoint: { path }, resume: true, epochs: 5 })
    expect(history.rows).toHaveLength(5)
  })

  test('a file that is something else is left as it is', async () => {
    const path = join(folder, 'notes.txt')
    writeFileSync(path, 'my notes')
    await expect(done({ checkpoint: { path }, resume: true })).rejects.toThrow(
      `fit: ${path} is no checkpoint to go on from: it does not begin with DHC1`,
    )
    expect(readFileSync(path, 'utf8')).toBe('my notes')
  })

  test('a folder that is not there is said', async () => {
    const path = join(folder, 'no', 'where')
    await expect(done({ checkpoint: { path } })).rejects.toThrow(
      'where cannot be written: its folder is not there; make it first',
    )
  })

  test('where there are no files it says so', async () => {
    Reflect.set(globalThis, 'window', {})
    try {
      await expect(done({ checkpoint: { path: 'x' } })).rejects.toThrow(
        'checkpoint: there are no files here; give checkpoint a store',
      )
    } finally {
      Reflect.deleteProperty(globalThis, 'window')
    }
  })
})

test('the fingerprint tells whether products and sums are rounded once', () => {
  expect(fingerprint({ name: 'reference' })).toBe('reference')
  expect(fingerprint({ name: 'simd' })).toMatch(/^simd(\+fma)?$/)
  expect(fingerprint({ name: 'gpu: webasm' })).toBe('gpu: webasm')
})
