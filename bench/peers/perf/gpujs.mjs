// gpu.js as its README uses it: a kernel an output, state handed in and out of each call. usage: gpujs.mjs; ways: webasm, cpu
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { batches, sizes, waves, workload } from './digits.mjs'
import { NotHere, serve } from './serve.mjs'

const require = createRequire(import.meta.url)
const { GPU, input } = require('gpu.js')
const { version } = JSON.parse(readFileSync(require.resolve('gpu.js/package.json'), 'utf8'))

const at = 'this.thread.x'
/** Of one element: a = α/(1−β₁ᵗ), b = 1/√(1−β₂ᵗ). Kernels are text, as gpu.js reads their source anyway. */
const adamw = {
  m: `function (m, g) { return 0.9 * m[${at}] + 0.1 * g[${at}] }`,
  v: `function (v, g) { return 0.999 * v[${at}] + 0.001 * g[${at}] * g[${at}] }`,
  p: `function (p, m, v, a, b) { return 0.99999 * p[${at}] - (a * m[${at}]) / (Math.sqrt(v[${at}]) * b + 0.00000001) }`,
}
const momentum = {
  m: `function (m, g) { return 0.9 * m[${at}] + g[${at}] }`,
  p: `function (p, m) { return p[${at}] - 0.001 * m[${at}] }`,
}
const scaled = `function (g, factor) { return g[${at}] * factor }`

const corrections = (t) => [1e-3 / (1 - 0.9 ** t), 1 / Math.sqrt(1 - 0.999 ** t)]

function prepare({ work, way, ...more }) {
  const gpu = new GPU({ mode: way })
  if (work !== 'epoch' && work !== 'train') return optimizer(gpu, work, more)
  const found = workload(work, more, (digits, batch) => network(gpu, digits, batch))
  return { ...found, free: () => gpu.destroy() }
}

const kinds = { adamw, clip: adamw, sgd: momentum }

function optimizer(gpu, work, { size, tensors }) {
  if (!kinds[work]) throw new NotHere(`not written for gpu.js: ${work}`)
  const output = [size / tensors]
  const kernel = (text) => gpu.createKernel(text, { output })
  const { m, v, p } = Object.fromEntries(
    Object.entries(kinds[work]).map(([name, text]) => [name, kernel(text)]),
  )
  const scale = kernel(scaled)
  const zeros = () => new Float32Array(output[0])
  const states = waves(size, tensors).map((wave) => ({ ...wave, m: zeros(), v: zeros() }))
  let t = 0
  return {
    step() {
      t += 1
      if (work === 'clip') clip(states, scale)
      for (const one of states) {
        one.m = m(one.m, one.g)
        if (v) one.v = v(one.v, one.g)
        one.p = v ? p(one.p, one.m, one.v, ...corrections(t)) : p(one.p, one.m)
      }
    },
    values: () => states[0].p,
    free: () => gpu.destroy(),
  }
}

/** gpu.js has no sum over all elements: the norm is a loop here. */
function clip(states, scale) {
  let squares = 0
  for (const { g } of states) for (let k = 0; k < g.length; k++) squares += g[k] * g[k]
  const factor = Math.min(1, 1 / (Math.sqrt(squares) + 1e-6))
  for (const one of states) one.g = scale(one.g, factor)
}

/** One batch, forward, backward and AdamW, as a pipeline: what is between stays where gpu.js has it. */
function network(gpu, digits, batch) {
  const widths = sizes.slice(1)
  const names = widths.flatMap((_, k) => [`W${k}`, `B${k}`])
  const shapes = widths.flatMap((out, k) => [[out, sizes[k]], [out]])
  const wrap = (values, k) => (k % 2 ? values : input(values, shapes[k]))
  const params = digits.layers.flatMap(({ weight, bias }) => [weight, bias])
  const state = Object.fromEntries(
    names.flatMap((name, k) => [
      [name, wrap(params[k].slice(), k)],
      [`m${name}`, wrap(new Float32Array(params[k].length), k)],
      [`v${name}`, wrap(new Float32Array(params[k].length), k)],
    ]),
  )
  const args = Object.keys(state)
  const steps = new Map()
  const stepFor = (rows) => {
    if (!steps.has(rows)) steps.set(rows, pipeline(gpu, { rows, names, shapes, args }))
    return steps.get(rows)
  }
  let t = 0
  return {
    load: ({ x, y }) =>
      batches(y.length, batch).map(([from, rows]) => ({
        rows,
        some: input(x.slice(from * 64, (from + rows) * 64), [64, rows]),
        labels: Float32Array.from(y.subarray(from, from + rows)),
      })),
    async epoch(loaded) {
      for (const { rows, some, labels } of loaded) {
        t += 1
        const given = args.map((name) => state[name])
        const found = await stepFor(rows)(some, labels, ...corrections(t), ...given)
        for (const [name, value] of Object.entries(found)) {
          // Rows come back, and flat ones are wanted.
          const { value: flat } = state[name]
          if (flat) for (const [k, row] of value.entries()) flat.set(row, k * row.length)
          else state[name] = value
        }
      }
    },
    layers: () => widths.map((_, k) => ({ weight: state[`W${k}`].value, bias: state[`B${k}`] })),
  }
}

const [x, y] = ['this.thread.x', 'this.thread.y']
const sum = (count, term, done = 's') =>
  `{ let s = 0; for (let k = 0; k < ${count}; k++) { s += ${term} } return ${done} }`

function pipeline(gpu, { rows, names, shapes, args }) {
  const kernel = (text, ...output) => gpu.createKernel(`function ${text}`, { output })
  const layer = (k, done) =>
    kernel(`(h, w, b) ${sum(sizes[k], `h[${y}][k] * w[k][${x}]`, done)}`, sizes[k + 1], rows)
  const relu = `Math.max(s + b[${x}], 0)`
  const forward = [layer(0, relu), layer(1, relu), layer(2, `s + b[${x}]`)]
  const total = kernel(`(z) ${sum(10, `Math.exp(z[${x}][k])`)}`, rows)
  const wrong = kernel(
    `(z, d, l) { let e = Math.exp(z[${y}][${x}]) / d[${y}]; if (l[${y}] == ${x}) { e = e - 1 } return e / ${rows} }`,
    10,
    rows,
  )
  const weight = (k) =>
    kernel(`(h, e) ${sum(rows, `h[k][${y}] * e[k][${x}]`)}`, sizes[k + 1], sizes[k])
  const bias = (k) => kernel(`(e) ${sum(rows, `e[k][${x}]`)}`, sizes[k + 1])
  const back = (k) =>
    kernel(
      `(e, w, h) ${sum(sizes[k + 1], `e[${y}][k] * w[${x}][k]`, `h[${y}][${x}] > 0 ? s : 0`)}`,
      sizes[k],
      rows,
    )
  const own = { total, wrong, forward, weights: [0, 1, 2].map(weight), biases: [0, 1, 2].map(bias) }
  const rules = shapes.map((shape) => {
    const here = shape.length === 2 ? `[${y}][${x}]` : `[${x}]`
    const text = (name) => adamw[name].replaceAll(`[${at}]`, here)
    return Object.fromEntries(
      ['m', 'v', 'p'].map((name) => [name, gpu.createKernel(text(name), { output: shape })]),
    )
  })
  const all = { ...own, backs: [undefined, back(1), back(2)], rules }
  const updates = names.map(
    (name, k) => `
    const m${k} = rules[${k}].m(m${name}, g${k}), v${k} = rules[${k}].v(v${name}, g${k})
    found.m${name} = m${k}; found.v${name} = v${k}; found.${name} = rules[${k}].p(${name}, m${k}, v${k}, a, b)`,
  )
  const body = `return function (X, Y, a, b, ${args}) {
    const { forward, total, wrong, weights, biases, backs, rules } = all
    const h1 = forward[0](X, W0, B0), h2 = forward[1](h1, W1, B1), z = forward[2](h2, W2, B2)
    const e2 = wrong(z, total(z), Y), e1 = backs[2](e2, W2, h2), e0 = backs[1](e1, W1, h1)
    const g0 = weights[0](X, e0), g1 = biases[0](e0), g2 = weights[1](h1, e1), g3 = biases[1](e1)
    const g4 = weights[2](h2, e2), g5 = biases[2](e2), found = {}
    ${updates.join('')}
    return found
  }`
  return gpu.createPipeline(new Function('all', body)(all), { threads: false })
}

await serve({ 'gpu.js': version }, prepare)
