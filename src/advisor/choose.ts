import { scaledRate } from '../examples/scaledRate.js'
import type { Records } from '../host/records.js'
import { about, type Evidence, told } from './advice.js'
import { checkAgainst } from './checkRecipe.js'
import { decays, families, hugeBatch } from './families.js'
import { type Preset, presets } from './presets.js'
import type { Task, TrainingRecipe } from './recipe.js'
import { taskSchema } from './schema.js'

/** One option of a recipe, and why it has this value. */
export interface ChosenOption {
  readonly option: string
  readonly value: string | number | boolean
  readonly why: string
}

/** What `choose` answers. It shows itself as a table of options. */
export interface OptimizerChoice extends Records<ChosenOption> {
  /** The preset that it began with: "cnn-best". */
  readonly code: string
  /** The whole recipe, for `lint` and for a file. */
  readonly recipe: TrainingRecipe
  /** Presets for the same model that would be worth a comparison. */
  readonly alternatives: readonly Preset[]
  readonly source: string
  readonly evidence: Evidence
}

/** The decision tree: the first that holds. */
const branches: readonly { when: (task: Task) => boolean; code: string }[] = [
  { when: ({ model }) => model === 'policy', code: 'reinforcement' },
  { when: (task) => isHuge(task) && task.model === 'cnn', code: 'large-batch-vision' },
  {
    when: (task) => isHuge(task) && (task.model === 'transformer' || task.model === 'vit'),
    code: 'large-batch-transformer',
  },
  { when: ({ model }) => model === 'transformer', code: 'transformer' },
  { when: ({ model }) => model === 'vit', code: 'vit' },
  { when: (task) => task.model === 'cnn' && isShort(task), code: 'cnn-fast' },
  { when: ({ model }) => model === 'cnn', code: 'cnn-best' },
  { when: ({ model, memory }) => model === 'rnn' && memory === 'tight', code: 'rnn-rmsprop' },
  { when: ({ model }) => model === 'rnn', code: 'rnn-adam' },
  { when: ({ model }) => model === 'mlp', code: 'table' },
  { when: ({ goal, needsDecay }) => goal === 'fast-start' && !needsDecay, code: 'quick-baseline' },
  { when: () => true, code: 'otherwise' },
]

const isHuge = ({ batchSize = 0 }: Task): boolean => batchSize > hugeBatch
const isShort = ({ goal, tuning, batchSize = 64 }: Task): boolean =>
  goal === 'fast-start' || (tuning === 'none' && goal !== 'best-end') || batchSize <= 32

/** What the answers change in a preset, each with its reason. */
function changes(preset: Preset, task: Task): ChosenOption[] {
  const { recipe } = preset
  const { optimizer = '', lr = 0, batchSize: usual = 0 } = recipe
  const all: ChosenOption[] = []
  const set = (option: keyof TrainingRecipe, value: ChosenOption['value'], why: string) =>
    all.push({ option, value, why })
  if (task.batchSize !== undefined) {
    set('batchSize', task.batchSize, 'as you said')
    if (['sgd', 'lars'].includes(optimizer) && task.batchSize !== usual) {
      const scaled = scaledRate({ lr, batch: usual, newBatch: task.batchSize })
      set('lr', scaled, `lr ${about(lr)} at batch ${usual}, scaled with the batch`)
    }
    if (isHuge(task) && !recipe.warmup) {
      set('schedule', 'warmupCosine', 'a batch of this size starts unsteadily')
      set('warmup', 0.05, 'a batch of this size starts unsteadily')
    }
  }
  if (task.needsDecay === true && optimizer === 'adam') {
    set('optimizer', 'adamw', 'decay is needed, and Adam’s is not one')
    const decay = decays[task.model ?? 'other']?.[1] || 0.01
    set('weightDecay', decay, 'to begin with; search in powers of ten')
  }
  if (task.needsDecay === false && recipe.weightDecay)
    set('weightDecay', 0, 'you said that no decay is needed')
  if (task.precision === 'float16') {
    if (!['sgd', 'lars'].includes(optimizer)) set('eps', 1e-7, '1e-8 is 0 in float16')
    set('lossScaling', true, 'small gradients are 0 in float16')
  }
  return all
}

function reasonFor(option: string, { recipe, use }: Preset, task: Task): string {
  const { optimizer = '', lrRange } = recipe
  const floats = families[optimizer]?.memory
  if (option === 'optimizer' && floats !== undefined) {
    const tight = task.memory === 'tight' && floats > 1 ? '; adafactor keeps far less' : ''
    return `${use}; keeps ${floats} number${floats === 1 ? '' : 's'} for each weight${tight}`
  }
  if (option === 'lr' && lrRange)
    return `search from ${about(lrRange[0])} to ${about(lrRange[1])}${task.tuning === 'plenty' ? ' with findLearningRate(…)' : ''}`
  if (option === 'batchSize' && (recipe.batchSize ?? 0) > 256)
    return 'usual here; a smaller one wants a smaller rate'
  return reasons[option] ?? use
}

const reasons: Readonly<Record<string, string>> = {
  momentum: '0.95 to 0.99 for noisy gradients, 0.85 for very large batches',
  nesterov: 'rarely worse than momentum alone',
  weightDecay: 'to begin with; search in powers of ten',
  schedule: 'small steps at the end find better weights',
  warmup: 'the share of steps; 0.01 to 0.1 is usual',
  clip: 'the rare large gradient does no harm',
  batchSize: '64 to 256 is the usual start',
  beta1: 'the usual value',
  beta2: 'shorter than usual: steadier for transformers',
  epochs: 'as many as those who published it took, about',
}

/**
 * Recommends an optimizer with its options for a task: the kind of model, the batch, what matters most. A place to start from, with the range to search;
 * it shows itself as a table of options with reasons.
 * Tests     test/advisor/choose.test.ts
 * @throws RangeError or TypeError for a task that cannot be
 * @example
 * const { recipe, code } = choose({ model: 'cnn', goal: 'best-end', batchSize: 512 })
 * code               // 'cnn-best'
 * recipe.optimizer   // 'sgd'
 * recipe.lr          // 0.2
 */
export function choose(task: Task = {}): OptimizerChoice {
  checkAgainst(taskSchema, task, 'choose: task')
  const { code } = branches.find(({ when }) => when(task))!
  const preset = presets.find((one) => one.code === code)!
  const changed = changes(preset, task)
  const values = Object.fromEntries(changed.map(({ option, value }) => [option, value]))
  const recipe: TrainingRecipe = { ...preset.recipe, ...task, ...values }
  if (values.lr !== undefined) recipe.lrRange = [recipe.lr! / 3, recipe.lr! * 3]
  const asked = new Set(['model', 'lrRange', ...changed.map(({ option }) => option)])
  const kept = Object.entries(preset.recipe)
    .filter(([option]) => !asked.has(option))
    .map(([option, value]): ChosenOption => {
      return { option, value: value as number, why: reasonFor(option, preset, task) }
    })
  const rows = [...kept, ...changed].sort((a, b) => place(a) - place(b))
  const alternatives = presets.filter(
    (one) => one.code !== code && one.recipe.model === preset.recipe.model,
  )
  const table = told(rows, {
    caption: `${recipe.optimizer}, for ${preset.use} (${preset.evidence}: ${preset.source})`,
    line: ({ option, value, why }) => `  ${option}: ${value}   ${why}`,
  })
  const { source, evidence } = preset
  return Object.assign(table, { code, recipe, alternatives, source, evidence })
}

const order = ['optimizer', 'lr', 'schedule', 'warmup', 'batchSize', 'weightDecay']
const place = ({ option }: ChosenOption): number =>
  order.includes(option) ? order.indexOf(option) : order.length
