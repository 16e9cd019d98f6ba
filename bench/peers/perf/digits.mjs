// The recipe of the small network: data, first weights and order of rows, as the benchmark wrote them for all peers alike.
export const sizes = [64, 128, 128, 10]

/** `data`: the folder of the files, or in a page what gives the bytes of one. */
function readDigits(data) {
  // A copy, since Node keeps small files in a buffer that they share.
  const read = (name) => process.getBuiltinModule('node:fs').readFileSync(`${data}/${name}`)
  const buffer = typeof data === 'function' ? data : (name) => new Uint8Array(read(name)).buffer
  const [x, y] = [new Float32Array(buffer('x.f32')), new Int32Array(buffer('y.i32'))]
  const test = new Int32Array(buffer('test.i32'))
  const order = new Int32Array(buffer('order.i32'))
  const train = y.length - test.length
  const orders = Array.from({ length: order.length / train }, (_, k) =>
    order.subarray(k * train, (k + 1) * train),
  )
  return { x, y, test, orders, layers: readLayers(new Float32Array(buffer('init.f32'))) }
}

/** The file has torch's weights, out × in; here they are in × out. */
function readLayers(flat) {
  let at = 0
  return sizes.slice(1).map((out, k) => {
    const inner = sizes[k]
    const weight = new Float32Array(inner * out)
    for (let row = 0; row < out; row++)
      for (let i = 0; i < inner; i++) weight[i * out + row] = flat[at + row * inner + i]
    at += inner * out
    const bias = flat.slice(at, at + out)
    at += out
    return { weight, bias }
  })
}

/** Rows of pixels and their labels, in this order. */
function gather({ x, y }, rows) {
  const pixels = new Float32Array(rows.length * 64)
  rows.forEach((row, k) => {
    pixels.set(x.subarray(row * 64, row * 64 + 64), k * 64)
  })
  return { x: pixels, y: Int32Array.from(rows, (row) => y[row]) }
}

/** The batches of an epoch: [first row, number of rows]. */
export function batches(rows, batch) {
  const count = Math.ceil(rows / batch)
  return Array.from({ length: count }, (_, k) => [k * batch, Math.min(batch, rows - k * batch)])
}

/** The share of rows whose label the network finds, computed here, whatever the library. */
function accuracy(layers, { x, y }) {
  let right = 0
  for (let row = 0; row < y.length; row++) {
    let values = x.subarray(row * 64, row * 64 + 64)
    layers.forEach(({ weight, bias }, k) => {
      const next = Float64Array.from(bias)
      values.forEach((value, i) => {
        for (let o = 0; o < next.length; o++) next[o] += value * weight[i * next.length + o]
      })
      values = k < layers.length - 1 ? next.map((value) => Math.max(value, 0)) : next
    })
    if (values.indexOf(Math.max(...values)) === y[row]) right += 1
  }
  return right / y.length
}

/** `epoch`, one pass over all rows, or `train`, from the start to the goal, of a network `{ load(rows), epoch(loaded), layers() }`. */
export function workload(work, { data, batch, goal }, network) {
  const digits = readDigits(data)
  if (work === 'train') return { step: () => train(digits, goal, network(digits, batch)) }
  const net = network(digits, batch)
  const loaded = net.load(digits)
  return { step: () => net.epoch(loaded), values: async () => (await net.layers()).at(-1).bias }
}

/** Epochs until the test rows are right to the goal. Only the epochs are timed: not putting rows in order, not testing. */
async function train(digits, goal, { load, epoch, layers }) {
  const test = gather(digits, digits.test)
  let [ms, epochs, found] = [0, 0, 0]
  for (const order of digits.orders) {
    const rows = load(gather(digits, order))
    const start = performance.now()
    await epoch(rows)
    ms += performance.now() - start
    epochs += 1
    found = accuracy(await layers(), test)
    if (found >= goal) break
  }
  return { ms, epochs, accuracy: found }
}

/** Ten numbers a row, 1 at its label. */
export function oneHot(y) {
  const hot = new Float32Array(y.length * 10)
  y.forEach((label, k) => {
    hot[k * 10 + label] = 1
  })
  return hot
}

/** The parameters and gradients that all optimizers are measured on. */
export function waves(size, tensors) {
  const length = size / tensors
  return Array.from({ length: tensors }, (_, k) => {
    const wave = (height) =>
      Float32Array.from({ length }, (_, i) => Math.sin((k * length + i) * 0.7) * height)
    return { p: wave(1), g: wave(0.1) }
  })
}
