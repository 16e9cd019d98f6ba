import {
  choice,
  count,
  flag,
  fraction,
  nonNegative,
  type Resolved,
  rate,
  type Schedule,
} from '../backend/options.js'
import { type ScheduleOptions, scheduleOptions } from './define.js'
import { remember } from './origin.js'

const spec = {
  peak: rate(),
  mode: choice('min', 'max'),
  factor: fraction(0.1),
  patience: count(10),
  threshold: nonNegative(1e-4),
  relative: flag(true),
  cooldown: count(0),
  floor: rate(0),
  eps: nonNegative(1e-8),
}

/** What a plateau has seen, as plain JSON. */
export interface PlateauState {
  format: 'downhill.reduceOnPlateau'
  version: 1
  rate: number
  /** null: nothing was observed yet, or nothing that is a number. */
  best: number | null
  /** Observations since the best. */
  bad: number
  /** Observations that the cooldown still takes. */
  cooling: number
}

/** A schedule that follows a metric instead of the step: the rate is what the observations have made of it. */
export interface Plateau extends Schedule {
  /** The rate of the next step. */
  readonly rate: number
  /** Whether less or more of the metric is better. */
  readonly mode: 'min' | 'max'
  /** Takes one value of the metric, as a rule once an epoch. @returns the rate from now on */
  observe(metric: number): number
  /** What it has seen, for JSON. */
  stateDict(): PlateauState
  /** Goes on where `stateDict()` was taken. @throws RangeError if it is not the state of a plateau; nothing is changed then */
  loadStateDict(state: PlateauState): void
}

type Seen = Omit<PlateauState, 'format' | 'version' | 'best'> & { best: number }

function isBetter(
  metric: number,
  best: number,
  { mode, threshold, relative }: Resolved<typeof spec>,
): boolean {
  const margin = mode === 'min' ? -threshold : threshold
  const bar = relative ? best * (1 + margin) : best + margin
  return mode === 'min' ? metric < bar : metric > bar
}

function after(
  { rate, best, bad, cooling }: Seen,
  metric: number,
  options: Resolved<typeof spec>,
): Seen {
  const better = isBetter(metric, best, options)
  const waited = better || cooling > 0 ? 0 : bad + 1
  const next = { best: better ? metric : best, bad: waited, cooling: Math.max(0, cooling - 1) }
  if (waited <= options.patience) return { ...next, rate }
  const lower = Math.max(rate * options.factor, options.floor)
  const changed = rate - lower > options.eps
  return { ...next, rate: changed ? lower : rate, bad: 0, cooling: options.cooldown }
}

/**
 * Multiplies the rate by `factor` when a metric has not become better for more than `patience` observations, then waits
 * for `cooldown` observations. A schedule like any other (rate(t) is the rate now, whatever t), but without table and plot, as
 * nobody knows its future; call `observe` yourself.
 *   min:  better if metric < best·(1 − threshold), or best − threshold with relative: false      max: > and +
 *   rate ← max(rate·factor, floor), unless that changes it by eps or less
 * Source    PyTorch's ReduceLROnPlateau; floor is its min_lr, relative its threshold_mode.
 * Differs   nothing; like PyTorch's, NaN is never better, and a negative best with relative threshold counts worse values as better.
 * Defaults  mode min, factor 0.1, patience 10, threshold 1e-4, relative true, cooldown 0, floor 0, eps 1e-8.
 * Tests     test/schedules/reduceOnPlateau.test.ts
 * @throws RangeError unless factor is in [0, 1)
 * @example
 * const plateau = reduceOnPlateau({ peak: 0.1, factor: 0.5, patience: 5 })
 * const optimizer = sgd(params, { lr: plateau })   // for a group with another rate: product(0.1, plateau)
 * plateau.observe(validationLoss)   // after each epoch
 */
export function reduceOnPlateau(given: ScheduleOptions<typeof spec>): Plateau {
  const options = scheduleOptions('reduceOnPlateau', spec, given)
  const worst = options.mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  let state: Seen = { rate: options.peak, best: worst, bad: 0, cooling: 0 }
  const schedule: Schedule = () => state.rate
  remember(schedule, () => {
    throw new TypeError(
      'reduceOnPlateau: the rate follows what is observed, not the step, so no kernel computes it; leave out { backend }',
    )
  })
  return Object.defineProperties(schedule, {
    name: { value: 'reduceOnPlateau' },
    rate: { get: () => state.rate },
    mode: { value: options.mode },
    observe: {
      value(metric: number): number {
        if (typeof metric !== 'number')
          throw new TypeError(
            `reduceOnPlateau: the metric must be a number, got ${typeof metric}; await loss.item() gives one`,
          )
        state = after(state, metric, options)
        return state.rate
      },
    },
    stateDict: {
      value: (): PlateauState => ({
        format: 'downhill.reduceOnPlateau',
        version: 1,
        ...state,
        best: state.best === worst ? null : state.best,
      }),
    },
    loadStateDict: {
      value(saved: PlateauState): void {
        if (saved?.format !== 'downhill.reduceOnPlateau' || saved.version !== 1)
          throw new RangeError('reduceOnPlateau: this is not the state of a plateau, version 1')
        const { rate, best, bad, cooling } = saved
        for (const [name, value] of Object.entries({ rate, bad, cooling })) {
          const fits = name === 'rate' ? Number.isFinite(value) : Number.isSafeInteger(value)
          if (!(fits && value >= 0))
            throw new RangeError(
              `reduceOnPlateau: ${name} of this state is ${value}, not a ${name === 'rate' ? '' : 'whole '}number ≥ 0`,
            )
        }
        if (best !== null && (typeof best !== 'number' || Number.isNaN(best)))
          throw new RangeError(
            `reduceOnPlateau: best of this state is ${best}, neither a number nor null`,
          )
        state = { rate, best: best ?? worst, bad, cooling }
      },
    },
  }) as Plateau
}
