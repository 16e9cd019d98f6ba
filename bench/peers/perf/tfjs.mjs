// TensorFlow.js. usage: tfjs.mjs THREADS FOLDER (that npm installed it into); ways: cpu, wasm. It has Adam, no AdamW.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { batches, oneHot, sizes, waves, workload } from './digits.mjs'
import { NotHere, serve } from './serve.mjs'

const require = createRequire(join(process.argv[3], 'package.json'))
console.warn = () => {} // "install the node backend"
const tf = require('@tensorflow/tfjs')
const { setWasmPaths } = require('@tensorflow/tfjs-backend-wasm')
const folder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))
setWasmPaths(join(folder, 'wasm-out', '/'))
tf.env().set('PROD', true)

const kinds = {
  adam: () => tf.train.adam(1e-3, 0.9, 0.999, 1e-8),
  sgd: () => tf.train.momentum(1e-3, 0.9),
}

async function prepare({ work, way, ...more }) {
  await tf.setBackend(way)
  await tf.ready()
  return work === 'epoch' || work === 'train'
    ? workload(work, more, network)
    : optimizer(work, more)
}

function optimizer(work, { size, tensors }) {
  if (!kinds[work]) throw new NotHere(`tf.train has no ${work}`)
  const made = kinds[work]()
  const given = waves(size, tensors)
  const variables = given.map(({ p }) => tf.variable(tf.tensor1d(p)))
  const grads = Object.fromEntries(variables.map(({ name }, k) => [name, tf.tensor1d(given[k].g)]))
  return {
    step: () => made.applyGradients(grads),
    values: () => variables[0].dataSync(),
    free: () => tf.dispose([variables, Object.values(grads), made.getWeights?.() ?? [], made]),
  }
}

function network(digits, batch) {
  const layers = digits.layers.map(({ weight, bias }, k) => ({
    weight: tf.variable(tf.tensor2d(weight, [sizes[k], sizes[k + 1]])),
    bias: tf.variable(tf.tensor1d(bias)),
  }))
  const made = kinds.adam()
  const forward = (x) =>
    layers.reduce((h, { weight, bias }, k) => {
      const sum = h.matMul(weight).add(bias)
      return k < layers.length - 1 ? sum.relu() : sum
    }, x)
  return {
    load: ({ x, y }) =>
      batches(y.length, batch).map(([from, count]) => ({
        rows: tf.tensor2d(x.subarray(from * 64, (from + count) * 64), [count, 64]),
        labels: tf.tensor2d(oneHot(y.subarray(from, from + count)), [count, 10]),
      })),
    epoch(loaded) {
      for (const { rows, labels } of loaded)
        tf.tidy(() => {
          made.minimize(() => tf.losses.softmaxCrossEntropy(labels, forward(rows)))
        })
      return layers[0].bias.dataSync()
    },
    layers: () =>
      layers.map(({ weight, bias }) => ({ weight: weight.dataSync(), bias: bias.dataSync() })),
  }
}

await serve({ tfjs: tf.version.tfjs }, prepare)
