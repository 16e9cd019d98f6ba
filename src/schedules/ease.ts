import { choice, nonNegative, rate } from '../backend/options.js'
import { defineSchedule } from './define.js'

/**
 * From `start` to `end` in `steps` steps (they may be a fraction), and `end` from there on: the piece that others are made of.
 *   start + (end − start)·f      linear: f = t / steps      cosine: f = ½·(1 − cos(π·t / steps))
 */
export const ease = defineSchedule({
  name: 'ease',
  options: {
    start: rate(),
    end: rate(),
    steps: nonNegative(),
    shape: choice('linear', 'cosine'),
  },
  rule: (t, { start, end, steps, shape }) =>
    t < steps
      ? start +
        (end - start) *
          (shape === 'cosine' ? 0.5 * (1 - Math.cos((Math.PI * t) / steps)) : t / steps)
      : end,
})
