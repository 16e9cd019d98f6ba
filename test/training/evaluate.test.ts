import {
  accuracy,
  batches,
  crossEntropy,
  type Dataset,
  defineLayer,
  evaluate,
  predict,
  useBackend,
} from 'downhill'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { smallNet, someDigits } from '../support/fits.js'

let data: Dataset
beforeAll(async () => {
  data = (await someDigits()).validation
})
afterEach(() => useBackend('auto'))

describe.each(['reference', 'simd'] as const)('on %s', (name) => {
  test('loss and metrics are those of all rows at once, however they are cut', async () => {
    await useBackend(name)
    const model = smallNet()
    const [{ x, y }] = [...batches(data, { size: data.length, shuffle: false })] as const
    const whole = crossEntropy(model(x!), y!).itemSync()
    const outputs = await predict(model, data)
    for (const batchSize of [7, 64, 500]) {
      const found = await evaluate(model, data, { metrics: { accuracy }, batchSize })
      expect(found.loss).toBeCloseTo(whole, name === 'simd' ? 5 : 12)
      expect(found.metrics.accuracy).toBe(accuracy(outputs, data.y))
    }
    expect([outputs.length, outputs[0]!.length]).toEqual([200, 10])
  })
})

test('the model is in evaluate mode meanwhile, and in its own afterwards', async () => {
  const modes: boolean[] = []
  const model = defineLayer({
    name: 'spy',
    parameters: smallNet().namedParameters(),
    forward(x, { training }) {
      modes.push(training)
      return x
    },
  })
  await predict(model, data)
  expect(model.training).toBe(true)
  model.evaluate()
  await evaluate(model, data, { loss: (output) => output.sum() })
  expect(model.training).toBe(false)
  expect(new Set(modes)).toEqual(new Set([false]))
  const failing = () => {
    throw new Error('mine')
  }
  model.train()
  await expect(evaluate(model, data, { loss: failing })).rejects.toThrow('mine')
  expect(model.training).toBe(true)
})

test('nothing is recorded', async () => {
  let recorded = true
  const loss: typeof crossEntropy = (output, y) => {
    recorded = output.requiresGrad
    return crossEntropy(output, y)
  }
  await evaluate(smallNet(), data, { loss })
  expect(recorded).toBe(false)
})

test('what is no model, no data, no size is refused', async () => {
  await expect(evaluate({} as never, data)).rejects.toThrow('evaluate: the model must be a layer')
  await expect(predict(smallNet(), [[1]] as never)).rejects.toThrow('must be a Dataset')
  await expect(predict(smallNet(), data, { batchSize: 0 })).rejects.toThrow('batchSize must be')
  await expect(evaluate(smallNet(), undefined as never)).rejects.toThrow('data must be a Dataset')
  await expect(evaluate(smallNet(), data, { metrics: accuracy as never })).rejects.toThrow(
    'evaluate: metrics must be functions by name, such as { accuracy }, got a function alone',
  )
})
