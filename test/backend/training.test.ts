import { expect, test } from 'vitest'
import type { Backend } from '../../src/backend/backend.js'
import { type BackendName, openBackend } from '../../src/backend/use.js'
import { layersError, trainedError, trainingBound, trainMlp } from '../support/training.js'

const names: readonly BackendName[] = ['simd', 'gpu:webasm', 'gpu:cpu']

test.each(names)(
  'a perceptron trains on %s as on the reference, and nothing is read',
  async (name) => {
    const backend = await openBackend(name)
    let reads = 0
    const { read, readSync } = backend
    Object.assign(backend, {
      read: (array: never) => {
        reads += 1
        return read.call(backend, array)
      },
      readSync: (array: never, caller: string) => {
        reads += 1
        return readSync.call(backend, array, caller)
      },
    })
    const trained = await trainMlp(name, 5, () => expect(reads).toBe(0))
    Object.assign(backend, { read, readSync })
    expect(trained.losses).toHaveLength(5)
    expect(await trainedError(trained, 5)).toBeLessThan(trainingBound)
  },
)

/** A finalizer runs between tasks alone, so none ran. What a learner may hold waits for one: two inputs, outputs, loss, norm and factor. */
test.each(['gpu:webasm', 'gpu:cpu'] as const)(
  'a step on %s frees what it made itself',
  async (name) => {
    const backend = (await openBackend(name)) as Backend & { inUse: number }
    const after = async (steps: number) => {
      let before = 0
      let then = 0
      await trainMlp(
        name,
        steps,
        () => {
          then = backend.inUse
        },
        () => {
          before = backend.inUse
        },
      )
      return then - before
    }
    expect((await after(22)) - (await after(2))).toBeLessThanOrEqual(6 * 20)
  },
)

test.each(names)('layers of every kind train on %s as on the reference', async (name) => {
  expect(await layersError(name)).toBeLessThan(trainingBound)
})
