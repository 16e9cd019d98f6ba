import { about } from '../advice.js'
import { isAdaptive } from '../families.js'
import type { RedFlag } from '../flag.js'
import type { TrainingRecipe } from '../recipe.js'

/** Starting, going on, changing. */
export const habitFlags: readonly RedFlag[] = [
  {
    code: 'defaults-for-all',
    severity: 'medium',
    asks: true,
    why: 'Defaults are made for nobody’s task: they are a place to start from.',
    fix: 'Set at least the learning rate; choose({ model }) gives values to start with.',
    source: 'Sivaprasad et al. 2020, arXiv:1910.11758',
    evidence: 'rule of thumb',
    found: ({ optimizer, lr, momentum, beta1, beta2, weightDecay }) =>
      optimizer !== undefined &&
      [lr, momentum, beta1, beta2, weightDecay].every((value) => value === undefined)
        ? `${optimizer} with nothing but its defaults`
        : undefined,
  },
  {
    code: 'same-rate-backbone-head',
    severity: 'medium',
    why: 'The head knows nothing yet and needs large steps; the backbone knows a lot, and the same steps would wash it away.',
    fix: 'Two groups, such as 1e-5 for the backbone and 1e-3 for the head; or stagedUnfreeze(…).',
    source: 'Howard & Ruder 2018, arXiv:1801.06146',
    evidence: 'paper',
    found: ({ pretrained, groups = [] }) => {
      const rateOf = (wanted: string) => groups.find(({ name }) => name === wanted)?.lr
      const [backbone, head] = [rateOf('backbone'), rateOf('head')]
      if (backbone !== undefined && backbone === head) return `both with lr ${about(backbone)}`
      return pretrained && groups.length === 0
        ? 'one group for pretrained and new weights'
        : undefined
    },
  },
  {
    code: 'state-lost-on-resume',
    severity: 'major',
    why: 'Without its averages the optimizer starts anew: the loss jumps, and bias correction counts from 1 again.',
    fix: 'Save and load its state: stateDict() and loadStateDict(), or checkpoint and resume of fit.',
    source: 'test/training/resume.test.ts: with the state a run goes on bit for bit',
    evidence: 'measured here',
    found: ({ resumed }) =>
      resumed?.sameTask && resumed.state === 'fresh' ? 'resumed with a fresh optimizer' : undefined,
  },
  {
    code: 'state-kept-for-new-task',
    severity: 'major',
    why: 'The averages are those of another loss: the first steps go where the old task wanted to.',
    fix: 'Load the weights, and make a new optimizer.',
    source: 'plain reasoning: m and v are averages of old gradients',
    evidence: 'rule of thumb',
    found: ({ resumed }) =>
      resumed && !resumed.sameTask && resumed.state === 'loaded'
        ? 'a new task with the old optimizer’s state'
        : undefined,
  },
  {
    code: 'switch-keeps-state',
    severity: 'major',
    why: 'Another optimizer’s numbers mean something else, even where they have the same names.',
    fix: 'Start the new one with fresh state.',
    source: 'plain reasoning: loadStateDict refuses another optimizer’s state',
    evidence: 'measured here',
    found: ({ switchedFrom }) =>
      switchedFrom?.state === 'kept' ? `the state of ${switchedFrom.optimizer}` : undefined,
  },
  {
    code: 'switch-keeps-rate',
    severity: 'major',
    why: 'Between SGD and the Adams the rate that fits differs by a factor of 10 to 100.',
    fix: 'Search for the rate anew.',
    source: 'the course’s table of optimizers',
    evidence: 'rule of thumb',
    found: ({ optimizer, lr, switchedFrom }) =>
      switchedFrom &&
      lr === switchedFrom.lr &&
      isAdaptive(optimizer) !== isAdaptive(switchedFrom.optimizer)
        ? `${switchedFrom.optimizer} → ${optimizer} with the same lr ${about(switchedFrom.lr)}`
        : undefined,
  },
  {
    code: 'switch-without-warmup',
    severity: 'medium',
    why: 'Fresh averages are made of few steps; at the full rate the first of them can undo what was learned.',
    fix: 'Warm up again, over 1 to 10 % of the steps that are left.',
    source: 'the course’s checklist',
    evidence: 'rule of thumb',
    found: (recipe) =>
      recipe.switchedFrom && !warms(recipe)
        ? `${recipe.switchedFrom.optimizer} → ${recipe.optimizer ?? 'another'}, no warmup`
        : undefined,
  },
]

const warms = ({ warmup = 0, schedule = '' }: TrainingRecipe): boolean =>
  warmup > 0 || /warmup|onecycle/i.test(schedule)
