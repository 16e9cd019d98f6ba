import { type Advised, about } from './advice.js'
import { isAdam } from './families.js'
import type { TrainingRecipe } from './recipe.js'
import type { Symptom } from './symptoms.js'

/** The order in which to try: what is cheap and decides most comes first, another optimizer last. */
export const stages = [
  'check',
  'learning rate',
  'numerical stability',
  'batch size',
  'data and loss',
  'gradients',
  'regularization',
  'optimizer',
] as const

/** Where a move belongs in the order of fixes. */
export type Stage = (typeof stages)[number]

/** A move of `diagnose`, as it is kept. */
export interface MoveRule extends Advised {
  readonly stage: Stage
  readonly for: readonly Symptom[]
  /** Symptoms beside which it would be wrong. */
  readonly unless?: readonly Symptom[]
  /** Whether it makes sense for this recipe; what is not said does not stand in the way. */
  readonly when?: (recipe: TrainingRecipe) => boolean
  /** What to do, with the recipe's numbers where it has them. */
  readonly move: (recipe: TrainingRecipe) => string
}

const unsteady = ['not-finite', 'diverging', 'oscillating', 'exploding'] as const
const course = 'the course’s table of symptoms'

/** What to try, for which symptom: in the order of `stages`. */
export const moveRules: readonly MoveRule[] = [
  {
    code: 'overfit-one-batch',
    stage: 'check',
    for: ['not-decreasing', 'vanishing'],
    move: () => 'Train on a single batch until its loss is near 0, without regularizers.',
    why: 'What cannot learn one batch by heart has a fault in code or data; no tuning mends that.',
    source: course,
    evidence: 'rule of thumb',
  },
  {
    code: 'lower-rate',
    stage: 'learning rate',
    for: [...unsteady, 'clips-every-step'],
    move: ({ lr, optimizer }) => {
      const to = lr === undefined ? '' : `: ${about(lr)} → ${about(lr / 3)} to ${about(lr / 10)}`
      const far = isAdam(optimizer) && (lr ?? 0) >= 0.1 ? ', and on to 1e-3, where Adam starts' : ''
      return `Divide the learning rate by 3 to 10${to}${far}.`
    },
    why: 'Steps that are too long jump over the valley: above 2/λmax each is longer than the one before.',
    source: 'walkValley() computes the limit',
    evidence: 'measured here',
  },
  {
    code: 'find-rate',
    stage: 'learning rate',
    for: ['not-decreasing'],
    move: () => 'Search over all rates: findLearningRate(…).',
    why: 'A rate that is far too small and one that is far too large both look flat.',
    source: 'Smith 2017, arXiv:1506.01186',
    evidence: 'paper',
  },
  {
    code: 'raise-rate',
    stage: 'learning rate',
    for: ['slow'],
    unless: [...unsteady, 'clips-every-step'],
    move: ({ lr }) =>
      `Multiply the learning rate by 2 to 3${lr === undefined ? '' : `: ${about(lr)} → ${about(2 * lr)} to ${about(3 * lr)}`}, with a schedule that brings it down at the end.`,
    why: 'A smooth curve that still falls has room for longer steps.',
    source: course,
    evidence: 'rule of thumb',
  },
  {
    code: 'smaller-backbone-rate',
    stage: 'learning rate',
    for: ['backbone-drifts'],
    move: () =>
      'A group of its own for the backbone, with a rate 10 to 100 times smaller than the head’s.',
    why: 'What it knows should be adjusted, not learned anew.',
    source: 'Howard & Ruder 2018, arXiv:1801.06146',
    evidence: 'paper',
  },
  {
    code: 'unfreeze-in-stages',
    stage: 'learning rate',
    for: ['backbone-drifts'],
    move: () => 'Train the head alone first: stagedUnfreeze([head, …, backbone]).',
    why: 'The first gradients of an untrained head are large, and point nowhere in particular.',
    source: 'Howard & Ruder 2018, arXiv:1801.06146',
    evidence: 'paper',
  },
  {
    code: 'numbers',
    stage: 'numerical stability',
    for: ['not-finite', 'diverging', 'oscillating'],
    when: ({ precision }) => precision !== 'float32',
    move: ({ precision }) =>
      precision === undefined
        ? 'Look for log(0), 0/0 and exp of large numbers; in mixed precision compute once in float32.'
        : `Compute once in float32 instead of ${precision}. Better? Then scale the loss, and take eps 1e-7 to 1e-6.`,
    why: 'Numbers that are too small become 0 in float16, those above 65,504 infinite.',
    source: 'Micikevicius et al. 2018, arXiv:1710.03740',
    evidence: 'paper',
  },
  {
    code: 'larger-batch',
    stage: 'batch size',
    for: ['oscillating', 'diverging'],
    when: ({ batchSize }) => batchSize === undefined || batchSize <= 32,
    move: ({ batchSize }) =>
      `${batchSize === undefined ? 'If the batch is small' : `Batch ${batchSize} is small`}: take 64, or accumulate: ${batchSize === undefined ? 2 : Math.ceil(64 / batchSize)}.`,
    why: 'Noise in a gradient falls with the square root of the rows.',
    source: 'the course’s table of batch sizes',
    evidence: 'rule of thumb',
  },
  {
    code: 'data-pipeline',
    stage: 'data and loss',
    for: ['not-decreasing', 'not-finite'],
    move: () =>
      'Look at what goes in: are inputs on one scale, free of NaN, and do labels belong to their rows?',
    why: 'Shuffled labels cannot be learned, and inputs in the thousands break any rate.',
    source: course,
    evidence: 'rule of thumb',
  },
  {
    code: 'loss-function',
    stage: 'data and loss',
    for: ['not-decreasing'],
    move: () => 'Check the loss: logits or probabilities, the mean or the sum, the right sign.',
    why: 'crossEntropy of probabilities instead of logits is nearly flat.',
    source: course,
    evidence: 'rule of thumb',
  },
  {
    code: 'look-at-gradients',
    stage: 'gradients',
    for: [...unsteady, 'not-decreasing', 'vanishing', 'clips-every-step'],
    move: () => 'Look at the gradient norms, layer by layer: far above 1, or far below 0.01?',
    why: 'They say where it goes wrong, before the loss says that it does.',
    source: course,
    evidence: 'rule of thumb',
  },
  {
    code: 'clip',
    stage: 'gradients',
    for: unsteady,
    unless: ['clips-every-step'],
    when: ({ clip }) => clip === undefined,
    move: () => 'Clip the common norm: clip: 1.',
    why: 'One gradient that is far too large then costs one step, not the run.',
    source: 'Pascanu et al. 2013, arXiv:1211.5063',
    evidence: 'paper',
  },
  {
    code: 'first-weights',
    stage: 'gradients',
    for: ['vanishing', 'not-decreasing'],
    move: () => 'First weights by He (relu) or Xavier (tanh); norm layers between deep layers.',
    why: 'Else each layer makes the signal smaller, or larger, than the one before.',
    source: 'Glorot & Bengio 2010; He et al. 2015, arXiv:1502.01852',
    evidence: 'paper',
  },
  {
    code: 'stop-earlier',
    stage: 'regularization',
    for: ['overfitting'],
    move: () =>
      'Stop where validation was best: earlyStopping: { patience: 10, restoreBest: true }.',
    why: 'It costs nothing, and the weights of that epoch are the best that this run had.',
    source: 'Prechelt 1998, "Early stopping: but when?"',
    evidence: 'paper',
  },
  {
    code: 'regularize',
    stage: 'regularization',
    for: ['overfitting'],
    move: () =>
      'Add one regularizer: decay, dropout or label smoothing; or more data, or a smaller model.',
    why: 'The model has room to learn single rows by heart. One at a time, or nobody knows which one helped.',
    source: course,
    evidence: 'rule of thumb',
  },
  {
    code: 'larger-model',
    stage: 'regularization',
    for: ['underfitting'],
    move: () => 'Regularize less, train longer, or take a larger model.',
    why: 'It cannot even fit what it sees, so nothing should hold it back.',
    source: course,
    evidence: 'rule of thumb',
  },
  {
    code: 'other-optimizer',
    stage: 'optimizer',
    for: ['not-finite', 'diverging', 'oscillating', 'not-decreasing', 'slow'],
    move: ({ model }) =>
      `Only if all else did not help: another optimizer (choose(${model ? `{ model: '${model}' }` : '…'})), with fresh state, a rate searched anew, and a warmup.`,
    why: 'A well tuned rate makes up for most of what optimizers differ in.',
    source: 'Choi et al. 2019, arXiv:1910.05446',
    evidence: 'paper',
  },
]
