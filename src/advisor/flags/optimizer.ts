import { nearest } from '../../host/nearest.js'
import { hugeBatch, isAdam, isTransformer, optimizerNames } from '../families.js'
import type { RedFlag } from '../flag.js'

/** Which optimizer, and for what. */
export const optimizerFlags: readonly RedFlag[] = [
  {
    code: 'optimizer-unknown',
    severity: 'medium',
    asks: true,
    why: 'Rules know optimizers by the library’s names: what is called otherwise is not looked through, and no finding then means nothing.',
    fix: 'Write the library’s name, such as adamw or sgd. If it is one of your own, look through the rest by hand.',
    source: 'the library’s list of optimizers',
    evidence: 'measured here',
    found: ({ optimizer }) => {
      if (optimizer === undefined || optimizerNames.includes(optimizer)) return undefined
      const near = nearest(optimizer, optimizerNames, optimizer.length / 3)
      return `"${optimizer}" is no optimizer of the library${near ? `; did you mean ${near}?` : ''}`
    },
  },
  {
    code: 'adam-decay',
    severity: 'critical',
    why: 'Here the decay is added to the gradient and then divided by √v̂: weights with large gradients hardly decay at all. It is no longer the weight decay that its name promises.',
    fix: 'Take adamw, or decoupled: true where the optimizer has it, or weightDecay: 0.',
    source: 'Loshchilov & Hutter 2019, arXiv:1711.05101; decayTwoWays(…) computes the difference',
    evidence: 'measured here',
    found: ({ optimizer = '', weightDecay = 0, decoupled }) =>
      ['adam', 'adamax', 'nadam', 'radam'].includes(optimizer) && weightDecay > 0 && !decoupled
        ? `${optimizer} with weightDecay ${weightDecay}`
        : undefined,
  },
  {
    code: 'adam-transformer',
    severity: 'critical',
    why: 'Transformers are large enough to learn their data by heart, and are trained with decoupled decay nearly everywhere; plain Adam has none.',
    fix: 'Take adamw with lr 1e-4 to 5e-4 and weightDecay 0.01 to 0.1.',
    source: 'Loshchilov & Hutter 2019, arXiv:1711.05101; habit of the field',
    evidence: 'rule of thumb',
    found: (recipe) =>
      recipe.optimizer === 'adam' && isTransformer(recipe)
        ? `adam for a ${recipe.model}`
        : undefined,
  },
  {
    code: 'momentum-without-nesterov',
    severity: 'low',
    why: 'Nesterov looks one step ahead, costs nothing, and is rarely worse. Rarely is not never: the difference is small.',
    fix: 'Set nesterov: true, and compare.',
    source: 'Sutskever et al. 2013, "On the importance of initialization and momentum"',
    evidence: 'rule of thumb',
    found: ({ optimizer, momentum = 0, nesterov }) =>
      optimizer === 'sgd' && momentum > 0 && !nesterov ? `momentum ${momentum} alone` : undefined,
  },
  {
    code: 'one-optimizer-for-all',
    severity: 'major',
    why: 'Which optimizer does well depends on the task: convolutions do well with SGD, transformers badly.',
    fix: 'Ask choose({ model }) for each kind of model.',
    source: 'Schmidt et al. 2021, arXiv:2007.01547; Zhang et al. 2020, arXiv:1912.03194',
    evidence: 'paper',
    found: ({ optimizer, usedFor = [] }) =>
      new Set(usedFor).size > 1
        ? `${optimizer ?? 'the same optimizer'} for ${[...new Set(usedFor)].join(', ')}`
        : undefined,
  },
  {
    code: 'optimizer-blamed',
    severity: 'major',
    why: 'Which optimizer is ahead depends on how well each one’s rate was searched for: a better rate often makes up for the whole difference.',
    fix: 'Search for the rate first: findLearningRate(…), then a few rates around what it picks.',
    source: 'Choi et al. 2019, arXiv:1910.05446',
    evidence: 'paper',
    found: ({ nextChange, lrTuned }) =>
      nextChange === 'optimizer' && !lrTuned
        ? 'the optimizer is to be changed before its rate was tuned'
        : undefined,
  },
  {
    code: 'large-batch-optimizer-idle',
    severity: 'low',
    why: 'LAMB and LARS were made for batches of many thousands; below that, what they replace does as well, and is better known.',
    fix: 'Take adamw in place of lamb, sgd in place of lars.',
    source: 'You et al. 2020, arXiv:1904.00962; You et al. 2017, arXiv:1708.03888',
    evidence: 'rule of thumb',
    found: ({ optimizer = '', batchSize }) =>
      ['lamb', 'lars'].includes(optimizer) && batchSize !== undefined && batchSize <= hugeBatch
        ? `${optimizer} with a batch of ${batchSize}`
        : undefined,
  },
  {
    code: 'unusual-betas',
    severity: 'low',
    why: 'Betas that were copied from somewhere carry that place’s reasons with them: (0.9, 0.98) is for transformers and instability, (0.9, 0.95) for very long runs.',
    fix: 'Take 0.9 and 0.999, or say why not: because: { beta2: "…" }.',
    source: 'Vaswani et al. 2017, arXiv:1706.03762 (0.98); otherwise habit',
    evidence: 'rule of thumb',
    found: (recipe) => {
      const { optimizer, beta1 = 0.9, beta2 = 0.999, because = {} } = recipe
      if (!isAdam(optimizer) || 'beta1' in because || 'beta2' in because) return undefined
      const known = beta1 === 0.9 && (beta2 === 0.999 || (beta2 === 0.98 && isTransformer(recipe)))
      return known ? undefined : `betas ${beta1} and ${beta2}, without a reason`
    },
  },
  {
    code: 'goal-missed',
    severity: 'low',
    why: 'What is fast at first is not always best at the end: on convolutions Adam and its kin often lead early, and SGD with a schedule ends ahead.',
    fix: 'For the best end: sgd with Nesterov and a cosine; for a fast start: adamw. If time allows, compare both.',
    source: 'Wilson et al. 2017, arXiv:1705.08292',
    evidence: 'paper',
    found: ({ optimizer, model, goal }) => {
      if (model !== 'cnn') return undefined
      if (goal === 'best-end' && isAdam(optimizer)) return `${optimizer} for the best end of a cnn`
      return goal === 'fast-start' && optimizer === 'sgd' ? 'sgd for a fast start' : undefined
    },
  },
]
