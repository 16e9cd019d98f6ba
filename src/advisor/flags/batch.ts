import { hugeBatch } from '../families.js'
import type { RedFlag } from '../flag.js'

/** Batch size, precision, and what the gradients are like. */
export const batchFlags: readonly RedFlag[] = [
  {
    code: 'batch-tiny',
    severity: 'medium',
    why: 'With fewer than 8 rows a gradient is mostly noise, and batch norm has next to nothing to average over.',
    fix: 'Take 32 or more, or add the gradients of several batches: accumulate.',
    source: 'the course’s table of batch sizes',
    evidence: 'rule of thumb',
    found: ({ batchSize }) =>
      batchSize !== undefined && batchSize < 8 ? `batch ${batchSize}` : undefined,
  },
  {
    code: 'batch-huge',
    severity: 'medium',
    why: 'Above about 8,000 rows a step has to be so long that layers need steps of different length.',
    fix: 'Take lamb (transformers) or lars (pictures), a scaled rate and a warmup; or a smaller batch.',
    source: 'You et al. 2017, arXiv:1708.03888; You et al. 2020, arXiv:1904.00962',
    evidence: 'paper',
    found: ({ batchSize = 0, optimizer = '' }) =>
      batchSize > hugeBatch && !['lamb', 'lars'].includes(optimizer)
        ? `batch ${batchSize}${optimizer && ` with ${optimizer}`}`
        : undefined,
  },
  {
    code: 'batch-size-unsaid',
    severity: 'medium',
    asks: true,
    why: 'The learning rate that fits depends on the batch: one without the other says little.',
    fix: 'Say the batch size; 64 to 256 is the usual start.',
    source: 'Goyal et al. 2017, arXiv:1706.02677',
    evidence: 'rule of thumb',
    found: ({ optimizer, batchSize }) =>
      optimizer !== undefined && batchSize === undefined ? 'no batch size' : undefined,
  },
  {
    code: 'float16-eps',
    severity: 'medium',
    why: 'The smallest number of float16 is 6e-8: an ε of 1e-8 is 0 there, and a weight without gradients gives 0/0.',
    fix: 'Take eps 1e-7 to 1e-6, or keep the optimizer’s numbers in float32.',
    source: 'IEEE 754 binary16; test/advisor/lint.test.ts rounds it',
    evidence: 'measured here',
    found: ({ optimizer, precision, eps = 1e-8 }) =>
      optimizer !== undefined &&
      !['sgd', 'lars', 'lion'].includes(optimizer) &&
      precision === 'float16' &&
      eps < 6e-8
        ? `eps ${eps} in float16`
        : undefined,
  },
  {
    code: 'float16-unscaled',
    severity: 'major',
    why: 'Many gradients are smaller than what float16 can hold, and become 0 unless the loss is multiplied before the backward pass.',
    fix: 'Scale the loss and divide the gradients again (loss scaling), or compute in bfloat16.',
    source: 'Micikevicius et al. 2018, arXiv:1710.03740',
    evidence: 'paper',
    found: ({ precision, lossScaling }) =>
      precision === 'float16' && lossScaling === false ? 'float16 without loss scaling' : undefined,
  },
  {
    code: 'clips-every-step',
    severity: 'medium',
    why: 'Clipping is for the rare large gradient. When nearly all are clipped, the limit sets the length of the step: the learning rate is wrong, or the limit.',
    fix: 'Look at the norms without clipping, lower the learning rate, then put the limit above the usual norm.',
    source: 'Pascanu et al. 2013, arXiv:1211.5063, §3.2',
    evidence: 'rule of thumb',
    found: ({ clipped = 0 }) =>
      clipped >= 0.9 ? `${Math.round(100 * clipped)} % of the steps are clipped` : undefined,
  },
  {
    code: 'rnn-without-clip',
    severity: 'medium',
    why: 'Through many steps in time a gradient can grow like a power: one such step undoes hours.',
    fix: 'clip: 1, or 5.',
    source: 'Pascanu et al. 2013, arXiv:1211.5063',
    evidence: 'paper',
    found: ({ model, optimizer, clip }) =>
      model === 'rnn' && optimizer !== undefined && clip === undefined
        ? 'rnn without clip'
        : undefined,
  },
  {
    code: 'gradients-unseen',
    severity: 'medium',
    asks: true,
    why: 'A norm far above 1 explodes, one far below 0.01 vanishes; the loss shows either too late.',
    fix: 'Look at gradientNorm in the history of fit, or at what clipGradNorm gives.',
    source: 'the course’s checklist',
    evidence: 'rule of thumb',
    found: ({ gradientNorm }) =>
      gradientNorm === null ? 'nobody looked at the gradients' : undefined,
  },
  {
    code: 'gradients-explode',
    severity: 'major',
    why: 'Gradients of this size throw the weights about.',
    fix: 'Lower the learning rate, clip: 1, and look at the inputs (standardize) and the first weights.',
    source: 'Pascanu et al. 2013, arXiv:1211.5063',
    evidence: 'rule of thumb',
    found: ({ gradientNorm }) =>
      typeof gradientNorm === 'number' && gradientNorm > 100 ? `norm ${gradientNorm}` : undefined,
  },
  {
    code: 'gradients-vanish',
    severity: 'major',
    why: 'So little arrives at the weights that they stay where they are. (A model that has learned everything has small gradients, too.)',
    fix: 'First weights by He or Xavier, relu in place of sigmoid, norm layers, shorter paths.',
    source: 'Glorot & Bengio 2010; He et al. 2015, arXiv:1502.01852',
    evidence: 'paper',
    found: ({ gradientNorm }) =>
      typeof gradientNorm === 'number' && gradientNorm < 1e-3 ? `norm ${gradientNorm}` : undefined,
  },
]
