// The work in TensorFlow.js, in Node or in a page. It has Adam, no AdamW.
import { NotHere } from './answer.mjs'
import { batches, oneHot, sizes, waves, workload } from './digits.mjs'

/** `tf`: the module, as Node or a page has loaded it. */
export function withTfjs(tf) {
  const kinds = {
    adam: () => tf.train.adam(1e-3, 0.9, 0.999, 1e-8),
    sgd: () => tf.train.momentum(1e-3, 0.9),
  }

  async function prepare({ work, way, ...more }) {
    await tf.setBackend(way)
    await tf.ready()
    return work === 'epoch' || work === 'train'
      ? workload(work, more, network)
      : optimizer(work, way, more)
  }

  function optimizer(work, way, { size, tensors }) {
    if (!kinds[work]) throw new NotHere(`tf.train has no ${work}`)
    const made = kinds[work]()
    const given = waves(size, tensors)
    const variables = given.map(({ p }) => tf.variable(tf.tensor1d(p)))
    const grads = Object.fromEntries(
      variables.map(({ name }, k) => [name, tf.tensor1d(given[k].g)]),
    )
    const finish = async () => {
      const total = tf.sum(variables[0])
      await total.data()
      total.dispose()
    }
    return {
      ...(/^webg/.test(way) && { finish }),
      step: () => made.applyGradients(grads),
      values: () => variables[0].data(),
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
        return layers[0].bias.data()
      },
      layers: () =>
        Promise.all(
          layers.map(async ({ weight, bias }) => ({
            weight: await weight.data(),
            bias: await bias.data(),
          })),
        ),
    }
  }

  return prepare
}
