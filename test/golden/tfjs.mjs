// Made tfjs.json: TensorFlow.js 4.22.0 on its CPU backend (float32), over the tape "normal" of optim_sgd.json.
//   npm install --prefix DIR @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0
//   node test/golden/tfjs.mjs DIR > test/golden/tfjs.json
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const require = createRequire(join(resolve(process.argv[2]), 'package.json'))
const tf = require('@tensorflow/tfjs-core')
require('@tensorflow/tfjs-backend-cpu')
await tf.setBackend('cpu')
const { tapes } = JSON.parse(readFileSync(new URL('optim_sgd.json', import.meta.url)))

/** Hyperparameters in the order of their constructors. */
const cases = {
  sgd: ['sgd', { learningRate: 0.1 }],
  momentum: ['momentum', { learningRate: 0.1, momentum: 0.9, useNesterov: false }],
  nesterov: ['momentum', { learningRate: 0.1, momentum: 0.9, useNesterov: true }],
  adagrad: ['adagrad', { learningRate: 0.1, initialAccumulatorValue: 0.1 }],
  adadelta: ['adadelta', { learningRate: 0.001, rho: 0.95, epsilon: 1e-7 }],
  adam: ['adam', { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }],
  adam_betas: ['adam', { learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 }],
  adamax: ['adamax', { learningRate: 0.002, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, decay: 0 }],
  rmsprop: ['rmsprop', { learningRate: 0.01, decay: 0.9, momentum: 0, epsilon: 1e-7, centered: false }],
  rmsprop_momentum: ['rmsprop', { learningRate: 0.01, decay: 0.9, momentum: 0.8, epsilon: 1e-7, centered: false }],
  rmsprop_centered: ['rmsprop', { learningRate: 0.01, decay: 0.9, momentum: 0, epsilon: 1e-7, centered: true }],
}

const { shapes, params, grads } = tapes.normal
const spelled = (x) => (Number.isFinite(x) ? x : String(x))
const walked = Object.entries(cases).map(([id, [name, hyper]]) => {
  const optimizer = tf.train[name](...Object.values(hyper))
  const weights = params.map((values, i) => tf.variable(tf.tensor(values, shapes[i]), true))
  const after = grads.map((now) => {
    const given = weights.map((weight, i) => ({ name: weight.name, tensor: tf.tensor(now[i], shapes[i]) }))
    optimizer.applyGradients(given)
    return weights.map((weight) => Array.from(weight.dataSync(), spelled))
  })
  return { id, impl: `tf.train.${name}`, hyper, tape: 'normal', tol: 2e-6, params: after }
})
const versions = { '@tensorflow/tfjs-core': tf.version_core, backend: tf.getBackend() }
const head = { schema: 1, set: 'own', family: 'tfjs', dtype: 'float32', versions }
process.stdout.write(`${JSON.stringify({ ...head, tapes: { normal: tapes.normal }, cases: walked })}\n`)
