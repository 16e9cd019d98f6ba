import { close, type Exercise, type Random, withHints } from 'downhill'
import { between, listBetween, wholeBetween } from '../draw.js'
import hints from './hints.md'

const exact = { tolerance: 1e-9 }

const signalSize: Exercise = {
  id: 'signal-size',
  functionName: 'signal',
  checks: [
    {
      name: 'any-layers',
      points: 2,
      rule: 'each layer multiplies by its own n·s²/2 what the layer before it left',
      async test(student, random) {
        const start = between(random, 0.5, 3)
        const layers = Array.from({ length: wholeBetween(random, 3, 6) }, () => {
          const inputs = wholeBetween(random, 10, 300)
          return { inputs, std: Math.sqrt(between(random, 1.1, 1.8) / inputs) }
        })
        let size = start
        const want = layers.map(({ inputs, std }) => {
          size *= (inputs * std ** 2) / 2
          return size
        })
        return close(
          await student.call('signal', [start, layers.map((one) => ({ ...one }))]),
          want,
          exact,
        )
      },
    },
    {
      name: 'no-layer',
      points: 1,
      rule: 'the list has one number for each layer, and none for the inputs',
      async test(student, random) {
        return close(await student.call('signal', [between(random, 1, 2), []]), [], exact)
      },
    },
  ],
}

const draw = (random: Random) => ({
  lr: between(random, 0.1, 1),
  factor: wholeBetween(random, 3, 6),
  interval: wholeBetween(random, 5, 9),
})

const lossScaling: Exercise = {
  id: 'loss-scaling',
  functionName: 'scaledStep',
  checks: [
    {
      name: 'any-step',
      points: 1,
      rule: 'w ← w − lr · gradient / scale, for any lr and scale',
      async test(student, random) {
        const [options, scale] = [draw(random), 2 ** wholeBetween(random, 1, 4)]
        const n = wholeBetween(random, 3, 6)
        const [weights, gradients] = [listBetween(random, n, -2, 2), listBetween(random, n, 5, 90)]
        const want = weights.map((w, i) => w - (options.lr * gradients[i]!) / scale)
        const args = [[...weights], [...gradients], { scale, good: 1 }, { ...options }]
        const got = await student.call('scaledStep', args)
        return close(got, { weights: want, scale, good: 2 }, exact)
      },
    },
    {
      name: 'not-a-number',
      points: 2,
      rule: 'NaN and −∞ anywhere in the list skip the step as well, and the scale falls by the given factor',
      async test(student, random) {
        const options = draw(random)
        const weights = listBetween(random, 4, -2, 2)
        const results = []
        for (const odd of [Number.NaN, Number.NEGATIVE_INFINITY]) {
          const gradients = listBetween(random, 4, 1, 9)
          gradients[wholeBetween(random, 1, 3)] = odd
          const args = [[...weights], gradients, { scale: 60, good: 2 }, { ...options }]
          results.push(await student.call('scaledStep', args))
        }
        const skipped = { weights, scale: 60 / options.factor, good: 0 }
        return close(results, [skipped, skipped], exact)
      },
    },
    {
      name: 'grow',
      points: 2,
      rule: 'when good reaches the interval, the scale is multiplied by factor, and good is 0 again',
      async test(student, random) {
        const options = draw(random)
        const args = (good: number) => [[1], [8], { scale: 4, good }, { ...options }]
        const before = await student.call('scaledStep', args(options.interval - 2))
        const at = await student.call('scaledStep', args(options.interval - 1))
        const weights = [1 - options.lr * 2]
        return close(
          [before, at],
          [
            { weights, scale: 4, good: options.interval - 1 },
            { weights, scale: 4 * options.factor, good: 0 },
          ],
          exact,
        )
      },
    },
    {
      name: 'large-gradients',
      points: 1,
      rule: 'only what is not finite is skipped: a gradient of 10³⁰ is finite',
      async test(student, random) {
        const [options, scale] = [draw(random), 2 ** 100]
        const args = [[1], [1e30], { scale, good: 0 }, { ...options }]
        const want = { weights: [1 - (options.lr * 1e30) / scale], scale, good: 1 }
        return close(await student.call('scaledStep', args), want, exact)
      },
    },
  ],
}

export const hidden: readonly Exercise[] = [
  withHints(signalSize, hints),
  withHints(lossScaling, hints),
]
