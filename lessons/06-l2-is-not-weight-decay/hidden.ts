import { close, type Exercise, type Random, withHints } from 'downhill'
import { between, wholeBetween } from '../draw.js'
import { numberField } from '../plain.js'
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
  weightDecay: number
}
type Step = State & { x: number }

/** Kingma & Ba 2015, Algorithm 1: the averages after g, and the step. */
function adam(x: number, g: number, state: State, options: Options): Step {
  const { lr, beta1, beta2, eps } = options
  const t = state.t + 1
  const m = beta1 * state.m + (1 - beta1) * g
  const v = beta2 * state.v + (1 - beta2) * g * g
  return { x: x - (lr * m) / (1 - beta1 ** t) / (Math.sqrt(v / (1 - beta2 ** t)) + eps), m, v, t }
}

const withL2 = (x: number, g: number, state: State, options: Options): Step =>
  adam(x, g + options.weightDecay * x, state, options)

/** Loshchilov & Hutter 2019, Algorithm 2, with α·λ as in PyTorch. */
const decoupled = (x: number, g: number, state: State, options: Options): Step => {
  const step = adam(x, g, state, options)
  return { ...step, x: step.x - options.lr * options.weightDecay * x }
}

/** Large rates and decays: what an answer gets wrong then shows far above the tolerance. */
const drawOptions = (random: Random): Options => ({
  lr: between(random, 0.05, 0.2),
  beta1: between(random, 0.5, 0.95),
  beta2: between(random, 0.9, 0.999),
  eps: 1e-8,
  weightDecay: between(random, 0.2, 0.5),
})

const drawState = (random: Random): State => ({
  m: between(random, 0.5, 2),
  v: between(random, 0.5, 4),
  t: wholeBetween(random, 3, 30),
})

/** Room for each published place of ε: with ε = 1e-8 and gradients near 1 they differ by less than 1e-7. */
const tolerance = 1e-6

const adamL2: Exercise = {
  id: 'adam-l2',
  functionName: 'adamL2Step',
  checks: [
    {
      name: 'l2-any-state',
      points: 2,
      rule: 'g + λ·θ in place of g, from any state and with any options',
      async test(student, random) {
        const [state, options] = [drawState(random), drawOptions(random)]
        const [x, g] = [between(random, 1, 3), between(random, 1, 3)]
        const got = await student.call('adamL2Step', [x, g, { ...state }, { ...options }])
        return close(got, { ...withL2(x, g, state, options) }, { tolerance })
      },
    },
    {
      name: 'l2-negative-weight',
      points: 1,
      rule: 'the penalty pulls towards 0 from either side: λ·θ has the sign of θ',
      async test(student, random) {
        const [state, options] = [drawState(random), drawOptions(random)]
        const [x, g] = [between(random, -3, -1), between(random, 2, 3)]
        const got = await student.call('adamL2Step', [x, g, { ...state }, { ...options }])
        return close(got, { ...withL2(x, g, state, options) }, { tolerance })
      },
    },
  ],
}

const adamwStep: Exercise = {
  id: 'adamw-step',
  functionName: 'adamwStep',
  checks: [
    {
      name: 'decay-any-state',
      points: 2,
      rule: 'θ ← θ − α·( m̂ / (√v̂ + ε) + λ·θ ), from any state and with any options',
      async test(student, random) {
        const [state, options] = [drawState(random), drawOptions(random)]
        // A negative weight, which g pushes farther down: its decay goes up.
        const [x, g] = [between(random, -3, -1), between(random, 1, 3)]
        const got = await student.call('adamwStep', [x, g, { ...state }, { ...options }])
        return close(got, { ...decoupled(x, g, state, options) }, { tolerance })
      },
    },
    {
      name: 'decay-ten-steps',
      points: 2,
      rule: 'ten steps in a row: decay never gets into the averages',
      async test(student, random) {
        const options = drawOptions(random)
        let want: Step = { x: between(random, -3, -1), ...drawState(random) }
        let { x, ...state } = want
        for (let step = 0; step < 10; step++) {
          const g = between(random, 1, 3)
          want = decoupled(want.x, g, want, options)
          const got = await student.call('adamwStep', [x, g, { ...state }, { ...options }])
          x = numberField(got, 'x')
          state = { m: numberField(got, 'm'), v: numberField(got, 'v'), t: numberField(got, 't') }
        }
        return close({ x, ...state }, { ...want }, { tolerance: 1e-5 })
      },
    },
  ],
}

export const hidden: readonly Exercise[] = [withHints(adamL2, hints), withHints(adamwStep, hints)]
