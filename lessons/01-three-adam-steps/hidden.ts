import { close, type Exercise, type Random, withHints } from 'downhill'
import { between, wholeBetween } from '../draw.js'
import { field, numberField } from '../plain.js'
import hints from './hints.md'

interface State {
  m: number
  v: number
  t: number
}
interface Options {
  lr: number
  beta1: number
  beta2: number
  eps: number
}

/** Kingma & Ba 2015, Algorithm 1, with ε outside the root. */
function adam(x: number, g: number, state: State, options: Options): State & { x: number } {
  const { lr, beta1, beta2, eps } = options
  const t = state.t + 1
  const m = beta1 * state.m + (1 - beta1) * g
  const v = beta2 * state.v + (1 - beta2) * g * g
  return { x: x - (lr * m) / (1 - beta1 ** t) / (Math.sqrt(v / (1 - beta2 ** t)) + eps), m, v, t }
}

const drawOptions = (random: Random): Options => ({
  lr: between(random, 0.001, 0.05),
  beta1: between(random, 0.5, 0.95),
  beta2: between(random, 0.9, 0.999),
  eps: 1e-8,
})

const drawState = (random: Random): State => ({
  m: between(random, -2, 2),
  v: between(random, 0.5, 4),
  t: wholeBetween(random, 3, 30),
})

const fresh: State = { m: 0, v: 0, t: 0 }

/**
 * Wide enough for each published form of the rule: ε as in Algorithm 1 (PyTorch, Optax), or beside the uncorrected √v as in
 * the paper's "more efficient" order (TensorFlow). With ε = 1e-8 and gradients near 1 they differ by less than 1e-7.
 */
const tolerance = 1e-6

const adamStep: Exercise = {
  id: 'adam-step',
  functionName: 'adamStep',
  checks: [
    {
      name: 'any-state',
      points: 1,
      rule: 'm ← β₁·m + (1−β₁)·g and v ← β₂·v + (1−β₂)·g², from any state, with any β and any g, also 0',
      async test(student, random) {
        const [state, options] = [drawState(random), drawOptions(random)]
        const [x, g] = [between(random, -3, 3), between(random, -3, 3)]
        const { m, v, t } = adam(x, g, state, options)
        const got = await student.call('adamStep', [x, g, { ...state }, { ...options }])
        const flat = await student.call('adamStep', [x, 0, { ...state }, { ...options }])
        const { x: _, ...shrunk } = adam(x, 0, state, options)
        return close([got, flat], [{ m, v, t }, shrunk], { tolerance })
      },
    },
    {
      name: 'bias-correction',
      points: 2,
      rule: 'm̂ = m / (1−β₁ᵗ), v̂ = v / (1−β₂ᵗ), t = 1 in the first step',
      async test(student, random) {
        const [state, options] = [drawState(random), drawOptions(random)]
        const [x, g] = [between(random, -3, 3), between(random, 1, 3)]
        const got = await student.call('adamStep', [x, g, { ...state }, { ...options }])
        return close(field(got, 'x'), adam(x, g, state, options).x, { tolerance })
      },
    },
    {
      name: 'twenty-steps',
      points: 1,
      rule: 'twenty steps in a row on another function: each starts from the state that the last one returned',
      async test(student, random) {
        const options = { ...drawOptions(random), lr: between(random, 0.01, 0.05) }
        const curvature = between(random, 0.5, 3)
        let want = { x: between(random, 2, 4), ...fresh }
        let [x, state] = [want.x, { ...fresh }]
        for (let step = 0; step < 20; step++) {
          const { m, v, t } = want
          want = adam(want.x, curvature * want.x, { m, v, t }, options)
          const got = await student.call('adamStep', [
            x,
            curvature * x,
            { ...state },
            { ...options },
          ])
          const [nextX, nextM, nextV, nextT] = ['x', 'm', 'v', 't'].map((k) => numberField(got, k))
          x = nextX!
          state = { m: nextM!, v: nextV!, t: nextT! }
        }
        return close(x, want.x, { tolerance: 1e-5 })
      },
    },
    {
      name: 'zero-gradient',
      points: 1,
      rule: 'ε keeps 0 / 0 away: with g = 0 from the start, x stays where it is',
      async test(student, random) {
        const x = between(random, -3, 3)
        const got = await student.call('adamStep', [x, 0, { ...fresh }, { ...drawOptions(random) }])
        return close(field(got, 'x'), x, { tolerance })
      },
    },
    {
      name: 'tiny-gradient',
      points: 1,
      rule: 'ε is added to the root, √v̂ + ε: also a gradient of 0.0001 makes a first step of about α',
      async test(student, random) {
        const [x, lr] = [1, between(random, 0.005, 0.05)]
        const options = { lr, beta1: 0.9, beta2: 0.999, eps: 1e-8 }
        const got = await student.call('adamStep', [x, 1e-4, { ...fresh }, options])
        // The published places of ε move this step by 0.3 % of α; ε inside the root by 29 %.
        return close((x - numberField(got, 'x')) / lr, 1, { tolerance: 0.01 })
      },
    },
  ],
}

export const hidden: readonly Exercise[] = [withHints(adamStep, hints)]
