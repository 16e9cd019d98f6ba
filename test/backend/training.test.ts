import { expect, test } from 'vitest'
import { type BackendName, openBackend } from '../../src/backend/use.js'
import { trainedError, trainingBound, trainMlp } from '../support/training.js'

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
