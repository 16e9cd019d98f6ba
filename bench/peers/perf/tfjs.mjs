// TensorFlow.js. usage: tfjs.mjs THREADS FOLDER (that npm installed it into); ways: cpu, wasm. It has Adam, no AdamW.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { serve } from './serve.mjs'
import { withTfjs } from './tfjs-work.mjs'

const require = createRequire(join(process.argv[3], 'package.json'))
console.warn = () => {} // "install the node backend"
const tf = require('@tensorflow/tfjs')
const { setWasmPaths } = require('@tensorflow/tfjs-backend-wasm')
const folder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))
setWasmPaths(join(folder, 'wasm-out', '/'))
tf.env().set('PROD', true)

await serve({ tfjs: tf.version.tfjs }, withTfjs(tf))
