import { close, type Exercise, registerExercise, withHints } from 'downhill'
import { gives } from '../gives.js'
import hints from './hints.md'

const exact = { tolerance: 1e-9 }

/** A layer with He's standard deviation, or some times that. */
const he = (inputs: number, times = 1) => ({ inputs, std: times * Math.sqrt(2 / inputs) })

const signalSize: Exercise = {
  id: 'signal-size',
  functionName: 'signal',
  checks: [
    {
      name: 'one-layer',
      points: 1,
      rule: 'after a layer with relu: mean square = n·s²/2 · mean square before it',
      test: gives('signal', [3, [{ inputs: 8, std: 0.1 }]], [0.12], exact),
    },
    {
      name: 'he',
      points: 1,
      rule: 'each layer starts from what the one before left: with s = √(2/n) the mean square stays, with twice that it grows fourfold',
      test: gives('signal', [1, [he(50), he(200, 2), he(8)]], [1, 4, 4], exact),
    },
  ],
}

const options = { lr: 0.5, factor: 2, interval: 100 }

const lossScaling: Exercise = {
  id: 'loss-scaling',
  functionName: 'scaledStep',
  checks: [
    {
      name: 'unscale',
      points: 2,
      rule: 'w ← w − lr · gradient / scale, and good grows by 1',
      async test(student) {
        const state = { scale: 8, good: 3 }
        const got = await student.call('scaledStep', [[1, -2], [16, 4], state, { ...options }])
        return close(got, { weights: [0, -2.25], scale: 8, good: 4 }, exact)
      },
    },
    {
      name: 'skip',
      points: 2,
      rule: 'a gradient that is not finite: no weight moves, scale / factor, good = 0',
      async test(student) {
        const [state, gradients] = [{ scale: 8, good: 3 }, [16, Number.POSITIVE_INFINITY]]
        const got = await student.call('scaledStep', [[1, -2], gradients, state, { ...options }])
        return close(got, { weights: [1, -2], scale: 4, good: 0 }, exact)
      },
    },
  ],
}

export const visible = [withHints(signalSize, hints), withHints(lossScaling, hints)]
for (const exercise of visible) registerExercise(exercise)
