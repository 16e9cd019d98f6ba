import {
  checkNames,
  checkOption,
  choice,
  count,
  nonNegative,
  period,
  rate,
  withDefaults,
} from '../backend/options.js'

const spec = {
  lr: rate(1),
  maxIterations: period(20),
  maxEvaluations: count(0),
  toleranceGradient: nonNegative(1e-7),
  toleranceChange: nonNegative(1e-9),
  history: period(100),
  lineSearch: choice('none', 'strong-wolfe'),
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
export function completed(options: object): Required<LbfgsOptions> {
  checkNames('lbfgs', spec, options)
  const all = withDefaults('lbfgs', spec, { ...options })
  for (const [name, option] of Object.entries(spec)) checkOption('lbfgs', name, option, all[name])
  return all as unknown as Required<LbfgsOptions>
}
