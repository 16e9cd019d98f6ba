import { checkedOptions, choice, count, nonNegative, period, rate } from '../backend/options.js'

const spec = {
  lr: rate(1),
  maxIterations: period(20),
  maxEvaluations: count(0),
  toleranceGradient: nonNegative(1e-7),
  toleranceChange: nonNegative(1e-9),
  history: period(100),
  lineSearch: choice<'none' | 'strong-wolfe'>('none', 'strong-wolfe'),
}

/** Options of `lbfgs`. */
export interface LbfgsOptions {
  /** The step along the direction, or where its search begins. */
  lr?: number
  /** Iterations within one `step()`. */
  maxIterations?: number
  /** Evaluations of the loss within one `step()`; 0: 5/4 of maxIterations. */
  maxEvaluations?: number
  /** Stops where the largest gradient is at most this. */
  toleranceGradient?: number
  /** Stops where weights, loss or slope change by less. */
  toleranceChange?: number
  /** Pairs of steps and gradient differences that are kept. */
  history?: number
  lineSearch?: 'none' | 'strong-wolfe'
}

/** The options over PyTorch's defaults, each checked. */
export const completed = (options: object): Required<LbfgsOptions> =>
  checkedOptions('lbfgs', spec, options)
