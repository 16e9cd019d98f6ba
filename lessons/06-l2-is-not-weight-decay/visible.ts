import { type Exercise, registerExercise, withHints } from 'downhill'
import { gives } from '../gives.js'
import hints from './hints.md'

const options = { lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.1 }
const start = { m: 0, v: 0, t: 0 }

/** As in lesson 01: room for every published place of ε. */
const tolerance = 1e-6

const adamL2: Exercise = {
  id: 'adam-l2',
  functionName: 'adamL2Step',
  checks: [
    {
      name: 'penalty-wins',
      points: 1,
      rule: 'the gradient of loss and penalty together is g + λ·θ: here −0.1 + 0.1·3 = 0.2, so θ goes down by α',
      test: gives('adamL2Step', [3, -0.1, start, options], { x: 2.99 }, { tolerance }),
    },
    {
      name: 'penalty-in-the-averages',
      points: 1,
      rule: 'both averages see the penalty: m of g + λ·θ, v of (g + λ·θ)²',
      test: gives(
        'adamL2Step',
        [3, 3.7, start, options],
        { m: 0.4, v: 0.016, t: 1 },
        { tolerance },
      ),
    },
  ],
}

const adamwStep: Exercise = {
  id: 'adamw-step',
  functionName: 'adamwStep',
  checks: [
    {
      name: 'decay-alone',
      points: 1,
      rule: 'without gradient θ ← (1 − α·λ)·θ',
      test: gives('adamwStep', [2, 0, start, options], { x: 1.998, m: 0, v: 0 }, { tolerance }),
    },
    {
      name: 'clean-averages',
      points: 1,
      rule: 'm and v are those of g alone',
      test: gives('adamwStep', [2, 4, start, options], { m: 0.4, v: 0.016, t: 1 }, { tolerance }),
    },
    {
      name: 'both-together',
      points: 1,
      rule: 'θ ← θ − α·( m̂ / (√v̂ + ε) + λ·θ )',
      test: gives('adamwStep', [2, 4, start, options], { x: 1.988 }, { tolerance }),
    },
  ],
}

export const visible = [withHints(adamL2, hints), withHints(adamwStep, hints)]
for (const exercise of visible) registerExercise(exercise)
