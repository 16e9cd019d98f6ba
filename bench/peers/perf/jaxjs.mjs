// jax-js on its WebAssembly device. usage: jaxjs.mjs THREADS FOLDER (that npm installed it into)
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { withJaxjs } from './jaxjs-work.mjs'
import { serve } from './serve.mjs'

const require = createRequire(join(process.argv[3], 'package.json'))
const jax = require('@jax-js/jax')
await jax.init('wasm')
jax.defaultDevice('wasm')
const file = join(process.argv[3], 'node_modules', '@jax-js', 'jax', 'package.json')
const { version } = JSON.parse(readFileSync(file, 'utf8'))

await serve({ 'jax-js': version }, withJaxjs(jax))
