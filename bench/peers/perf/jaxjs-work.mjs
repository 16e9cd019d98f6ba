// The work in jax-js, jitted, in Node or in a page. Its optax is not on npm, so the optimizers are written here, as its users have to.
import { batches, oneHot, sizes, waves, workload } from './digits.mjs'

/** `jax`: the module, its device chosen. `queued`: a GPU need not be waited for after each step. */
export function withJaxjs({ blockUntilReady, grad, jit, nn, numpy: np }, queued = false) {
  // An operation uses its arrays up; `ref` keeps one for another use.
  const refs = (arrays) => arrays.map((array) => array.ref)

  /** One tensor: [p, …state] and g → the same anew; a = α/(1−β₁ᵗ), b = 1/√(1−β₂ᵗ). */
  const rules = {
    adamw([p, m, v], g, { a, b }) {
      const m1 = m.mul(0.9).add(g.ref.mul(0.1))
      const v1 = v.mul(0.999).add(np.square(g).mul(0.001))
      const step = m1.ref.mul(a.ref).div(np.sqrt(v1.ref).mul(b.ref).add(1e-8))
      return [p.mul(1 - 1e-5).sub(step), m1, v1]
    },
    sgd([p, m], g) {
      const m1 = m.mul(0.9).add(g)
      return [p.sub(m1.ref.mul(1e-3)), m1]
    },
    lion([p, m], g) {
      const step = np.sign(m.ref.mul(0.9).add(g.ref.mul(0.1))).mul(1e-4)
      return [p.mul(1 - 1e-6).sub(step), m.mul(0.99).add(g.mul(0.01))]
    },
  }
  rules.clip = rules.adamw

  function corrections(t) {
    return { a: np.array(1e-3 / (1 - 0.9 ** t)), b: np.array(1 / Math.sqrt(1 - 0.999 ** t)) }
  }

  function clipped(grads) {
    const squares = grads.map((g) => np.sum(np.square(g.ref)))
    const norm = np.sqrt(squares.reduce((sum, square) => sum.add(square)))
    const factor = np.minimum(np.reciprocal(norm.add(1e-6)), 1)
    return grads.map((g) => g.mul(factor.ref))
  }

  function start(rule, arrays) {
    const width = rule === rules.adamw ? 2 : 1
    return arrays.map((p) => [p, ...Array.from({ length: width }, () => np.zeros(p.shape))])
  }

  function prepare({ work, ...more }) {
    return work === 'epoch' || work === 'train'
      ? workload(work, more, network)
      : optimizer(work, more)
  }

  function optimizer(work, { size, tensors }) {
    const rule = rules[work]
    const given = waves(size, tensors)
    const grads = given.map(({ g }) => np.array(g))
    let states = start(
      rule,
      given.map(({ p }) => np.array(p)),
    )
    const update = jit((states, grads, corrected) => {
      const used = work === 'clip' ? clipped(grads) : grads
      return states.map((state, k) => rule(state, used[k], corrected))
    })
    let t = 0
    return {
      async step() {
        t += 1
        states = update(states, refs(grads), corrections(t))
        if (!queued) await blockUntilReady(states)
      },
      ...(queued && { finish: () => blockUntilReady(states) }),
      values: () => states[0][0].ref.data(),
      free() {
        for (const array of [...states.flat(), ...grads]) array.dispose()
      },
    }
  }

  function loss(params, x, y) {
    const hidden = nn.relu(np.matmul(x, params[0]).add(params[1]))
    const next = nn.relu(np.matmul(hidden, params[2]).add(params[3]))
    const logits = np.matmul(next, params[4]).add(params[5])
    const rows = y.shape[0]
    return nn
      .logSoftmax(logits)
      .mul(y)
      .sum()
      .mul(-1 / rows)
  }

  const update = jit((states, x, y, corrected) => {
    const found = grad(loss)(
      states.map(([p]) => p.ref),
      x,
      y,
    )
    return states.map((state, k) => rules.adamw(state, found[k], corrected))
  })

  function network(digits, batch) {
    const params = digits.layers.flatMap(({ weight, bias }, k) => [
      np.array(weight).reshape([sizes[k], sizes[k + 1]]),
      np.array(bias),
    ])
    let states = start(rules.adamw, params)
    let t = 0
    return {
      load: ({ x, y }) =>
        batches(y.length, batch).map(([from, count]) => [
          np.array(x.slice(from * 64, (from + count) * 64)).reshape([count, 64]),
          np.array(oneHot(y.subarray(from, from + count))).reshape([count, 10]),
        ]),
      async epoch(loaded) {
        for (const some of loaded) {
          t += 1
          states = update(states, ...refs(some), corrections(t))
        }
        await blockUntilReady(states)
      },
      async layers() {
        const flat = await Promise.all(states.map(([p]) => p.ref.data()))
        return [0, 2, 4].map((k) => ({ weight: flat[k], bias: flat[k + 1] }))
      },
    }
  }

  return prepare
}
