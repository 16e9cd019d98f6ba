import { decays } from '../families.js'
import type { RedFlag } from '../flag.js'

/** Decay, and what else holds a model back from learning by heart. */
export const regularizerFlags: readonly RedFlag[] = [
  {
    code: 'decay-by-task',
    severity: 'low',
    why: 'How much decay helps depends on the model: what a transformer needs keeps a small network from learning.',
    fix: 'Usual: cnn 1e-4 to 5e-4, vit 0.05 to 0.1, transformer 0.01 to 0.1, small models up to 1e-4, reinforcement 0. Search in powers of ten.',
    source: 'the course’s table of decays',
    evidence: 'rule of thumb',
    found: ({ model = 'other', weightDecay, optimizer }) => {
      const range = decays[model]
      if (!range || weightDecay === undefined || optimizer === 'lars') return undefined
      const [low, high] = range
      if (weightDecay >= low && weightDecay <= high) return undefined
      return `weightDecay ${weightDecay} (${model}: ${low === high ? low : `${low} to ${high}`})`
    },
  },
  {
    code: 'biases-decay',
    severity: 'low',
    why: 'A bias or the scale of a norm layer cannot learn data by heart; pulling it to 0 only shifts what it had found.',
    fix: 'noDecayGroups(model.parameters(), { weightDecay }) splits them.',
    source: 'habit of the field; He et al. 2019, arXiv:1812.01187, §3.1',
    evidence: 'rule of thumb',
    found: ({ biasesDecay, weightDecay }) =>
      biasesDecay && weightDecay !== 0 ? 'biases and norm layers decay' : undefined,
  },
  {
    code: 'regularizers-at-once',
    severity: 'medium',
    why: 'When several are new, nobody can tell which one helped, and which one hurt.',
    fix: 'Add one, measure, keep it or not, then the next.',
    source: 'plain method: one change at a time',
    evidence: 'rule of thumb',
    found: ({ added = [] }) => (added.length > 1 ? `new: ${added.join(', ')}` : undefined),
  },
  {
    code: 'evaluated-in-train-mode',
    severity: 'critical',
    why: 'Dropout goes on dropping and batch norm looks at the batch: what is measured is not the model that will be used.',
    fix: 'model.evaluate() before, model.train() after; fit and evaluate(…) do it.',
    source: 'Srivastava et al. 2014 (dropout); Ioffe & Szegedy 2015, arXiv:1502.03167',
    evidence: 'paper',
    found: ({ evaluatedIn, regularizers = [] }) => {
      if (evaluatedIn !== 'train') return undefined
      const names = regularizers.filter((name) => /dropout|batch.?norm/i.test(name))
      return `measured in train mode${names.length > 0 ? `, with ${names.join(', ')}` : ''}`
    },
  },
]
