import { scaledRate } from '../../examples/scaledRate.js'
import { about } from '../advice.js'
import { families, hugeBatch, isAdam, isAdaptive, isTransformer } from '../families.js'
import type { RedFlag } from '../flag.js'

/** Learning rates and schedules. */
export const rateFlags: readonly RedFlag[] = [
  {
    code: 'adam-rate-high',
    severity: 'critical',
    why: 'Adam’s first steps are about as long as the rate, whatever the gradient: 0.1 moves each weight by 0.1, which is more than most of them are large.',
    fix: 'Start at 1e-3; 1e-4 to 3e-3 is usual.',
    source: 'Kingma & Ba 2015, arXiv:1412.6980, §2.1; threeAdamSteps() shows the steps',
    evidence: 'measured here',
    found: ({ optimizer, lr = 0 }) =>
      isAdam(optimizer) && lr >= 0.1 ? `${optimizer} with lr ${about(lr)}` : undefined,
  },
  {
    code: 'sgd-rate-high',
    severity: 'major',
    why: 'SGD’s steps add up to the rate ÷ (1 − momentum) times the gradient. At 10 or more times they jump over any valley that is not very flat, and the loss becomes infinite.',
    fix: 'Begin at 0.1 or below; with large batches at 0.1 · batch/256, after a warmup.',
    source:
      'lesson 12, the figure of all rates; lesson 13, run D; Goyal et al. 2017, arXiv:1706.02677 (with the batch)',
    evidence: 'measured here',
    found: ({ optimizer, lr = 0, momentum = 0, batchSize = 0, lrTuned }) => {
      if (optimizer !== 'sgd' || lrTuned) return undefined
      const reach = lr / (1 - momentum)
      // Binary fractions: 1 / (1 − 0.9) is not quite 10.
      if (reach < 10 * Math.max(1, batchSize / 256) * (1 - 1e-9)) return undefined
      return `sgd with lr ${about(lr)}${momentum > 0 ? ` and momentum ${momentum}: together ${about(reach)}` : ''}`
    },
  },
  {
    code: 'sgd-rate-low',
    severity: 'medium',
    why: 'SGD’s step is the rate times the gradient: below 1e-3 it hardly moves, unless gradients are large or weights come from another task.',
    fix: 'Try 0.01 to 0.1; with small batches 1e-3 to 0.01.',
    source: 'the course’s table of optimizers',
    evidence: 'rule of thumb',
    found: ({ optimizer, lr, pretrained }) =>
      optimizer === 'sgd' && lr !== undefined && lr < 1e-3 && !pretrained
        ? `sgd with lr ${about(lr)}`
        : undefined,
  },
  {
    code: 'rate-out-of-range',
    severity: 'low',
    why: 'The rate lies outside of where this optimizer usually starts. That may be right: then a search has shown it.',
    fix: 'Run findLearningRate(…), and give lrTuned: true if it agrees.',
    source: 'the course’s table of optimizers',
    evidence: 'rule of thumb',
    found: ({ optimizer = '', lr, lrTuned, pretrained }) => {
      const range = families[optimizer]?.lr
      if (!range || lr === undefined || lrTuned || pretrained) return undefined
      // Sums of binary fractions: 0.1 × 8 is a little more than 0.8.
      const inside = lr >= range[0] * (1 - 1e-9) && lr <= range[1] * (1 + 1e-9)
      return inside ? undefined : `lr ${about(lr)} (${optimizer}: ${range[0]} to ${range[1]})`
    },
  },
  {
    code: 'same-rate-sgd-adam',
    severity: 'critical',
    why: 'A rate that suits Adam lets SGD stand still, and one that suits SGD breaks Adam: such a comparison tells about the rate alone.',
    fix: 'Search for each one’s own rate, with equally many tries. That SGD needs 10 to 100 times more is a rule of thumb: measure.',
    source: 'Choi et al. 2019, arXiv:1910.05446',
    evidence: 'paper',
    found: ({ compared = [] }) => {
      const sgd = compared.find(({ optimizer }) => optimizer === 'sgd')
      const other = compared.find(
        ({ optimizer, lr }) => isAdaptive(optimizer) && sgd !== undefined && lr === sgd.lr,
      )
      return sgd && other ? `sgd and ${other.optimizer}, both with lr ${about(sgd.lr)}` : undefined
    },
  },
  {
    code: 'untuned-comparison',
    severity: 'major',
    why: 'Who wins depends on how much each one’s rate was tuned; with another tuning the order may turn round.',
    fix: 'Tune the rate of each with the same number of tries, then compare(…) over at least five seeds.',
    source: 'Schmidt et al. 2021, arXiv:2007.01547; Choi et al. 2019, arXiv:1910.05446',
    evidence: 'paper',
    found: ({ compared = [] }) => {
      const untuned = compared.filter(({ lrTuned }) => !lrTuned).map(({ optimizer }) => optimizer)
      return compared.length > 1 && untuned.length > 0
        ? `rates not tuned: ${untuned.join(', ')}`
        : undefined
    },
  },
  {
    code: 'rate-not-scaled',
    severity: 'medium',
    why: 'A larger batch gives steadier gradients and fewer steps an epoch: with the old rate the run goes less far.',
    fix: 'SGD: scale the rate with the batch. Adam and its kin: with the square root. Warm up to it; scaledRate(…) computes both.',
    source:
      'Goyal et al. 2017, arXiv:1706.02677 (linear); Malladi et al. 2022, arXiv:2205.10287 (square root)',
    evidence: 'rule of thumb',
    found: ({ optimizer, lr, batchSize, tunedAt }) => {
      if (!tunedAt || lr === undefined || batchSize === undefined) return undefined
      const ratio = batchSize / tunedAt.batchSize
      if ((ratio < 2 && ratio > 0.5) || lr !== tunedAt.lr) return undefined
      const rule = isAdaptive(optimizer) ? 'square-root' : 'linear'
      const given = { lr, batch: tunedAt.batchSize, newBatch: batchSize, rule } as const
      return `batch ${tunedAt.batchSize} → ${batchSize} with the same lr ${about(lr)}; the ${rule} rule gives ${about(scaledRate(given))}`
    },
  },
  {
    code: 'no-warmup',
    severity: 'medium',
    why: 'At first the averages of the gradients are made of few steps, and full steps along them can throw a transformer, or any model with a huge batch, far off.',
    fix: 'Let 1 to 10 % of the steps warm up, such as warmupCosine({ peak, warmup, total }).',
    source: 'Goyal et al. 2017, arXiv:1706.02677; Vaswani et al. 2017, arXiv:1706.03762',
    evidence: 'paper',
    found: (recipe) => {
      const { schedule, warmup, batchSize = 0, model } = recipe
      if (!isTransformer(recipe) && batchSize <= hugeBatch) return undefined
      const warm = (warmup ?? 0) > 0 || /warmup|onecycle|inversesqrt|wsd/i.test(schedule ?? '')
      const unsaid = schedule === undefined && warmup === undefined
      if (warm || unsaid) return undefined
      return isTransformer(recipe) ? `${model}, no warmup` : `batch ${batchSize}, no warmup`
    },
  },
  {
    code: 'no-rate-range',
    severity: 'medium',
    asks: true,
    why: 'One rate says nothing about whether another would do better: nobody can tell how near it is to the edge.',
    fix: 'Say which range was tried: lrRange: [1e-4, 3e-3]. findLearningRate(…) shows it.',
    source: 'Smith 2017, arXiv:1506.01186 (the range test)',
    evidence: 'rule of thumb',
    found: ({ optimizer, lrRange, lrTuned }) =>
      optimizer !== undefined && !lrRange && !lrTuned ? 'no range of learning rates' : undefined,
  },
]
