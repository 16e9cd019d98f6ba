import type { Symptom } from './symptoms.js'

/** What kind of model is trained. `vit` is a transformer for pictures; `policy` learns by reinforcement; `mlp` are dense layers, such as for tables. */
export type ModelKind = 'transformer' | 'vit' | 'cnn' | 'rnn' | 'mlp' | 'policy' | 'other'

/** What `choose` asks. Whoever does not know leaves it out. */
export interface Task {
  /** What is trained. */
  model?: ModelKind
  /** Rows in a step: batch size times accumulated batches. */
  batchSize?: number
  /** A good result soon, or the best one at the end. */
  goal?: 'fast-start' | 'best-end'
  /** Whether weights have to be held small: the model could learn its data by heart. */
  needsDecay?: boolean
  /** How many runs there are for finding the learning rate: none at all, a few, or a search. */
  tuning?: 'none' | 'some' | 'plenty'
  /** Whether two more numbers for each weight fit into the memory. */
  memory?: 'enough' | 'tight'
  /** What the numbers of a step are computed in; float16 and bfloat16 are mixed precision. */
  precision?: 'float32' | 'float16' | 'bfloat16'
}

/** Parameters with a learning rate of their own. */
export interface RecipeGroup {
  name: 'backbone' | 'head' | 'other'
  lr: number
}

/** One run of a comparison. */
export interface ComparedArm {
  optimizer: string
  lr: number
  /** Whether this rate was searched for, for this optimizer. */
  lrTuned?: boolean
}

/**
 * How somebody trains, as plain data: what `lint` reads, and `downhill advise` in a file. All is optional; what is not said is not judged, but that some
 * rules ask for what should be said.
 */
export interface TrainingRecipe extends Task {
  name?: string
  /** By the library's name: 'adamw', 'sgd'. */
  optimizer?: string
  /** The peak, if it is scheduled. */
  lr?: number
  /** The smallest and the largest rate that were tried. */
  lrRange?: readonly [number, number]
  /** Whether the rate was searched for, for this optimizer on this task. */
  lrTuned?: boolean
  /** By the library's name: 'warmupCosine', 'constant'. */
  schedule?: string
  /** The share of all steps that warm up, from 0 to 1. */
  warmup?: number
  momentum?: number
  nesterov?: boolean
  beta1?: number
  beta2?: number
  eps?: number
  weightDecay?: number
  /** Whether the decay is kept out of the gradient, where an optimizer offers both. */
  decoupled?: boolean
  /** Whether biases and the scales of norm layers decay too. */
  biasesDecay?: boolean
  epochs?: number
  /** The limit of the gradients' norm. */
  clip?: number
  /** The share of steps that were clipped, from 0 to 1. */
  clipped?: number
  /** A typical norm of all gradients together; null: nobody looked. */
  gradientNorm?: number | null
  /** Whether float16 gradients are scaled up before they are rounded. */
  lossScaling?: boolean
  /** What holds the model back from learning by heart: 'dropout', 'batchNorm', 'labelSmoothing' … */
  regularizers?: readonly string[]
  /** Those of them that are new in this run. */
  added?: readonly string[]
  /** The mode of the model while it is measured. */
  evaluatedIn?: 'train' | 'evaluate'
  /** Whether the weights come from another task. */
  pretrained?: boolean
  groups?: readonly RecipeGroup[]
  /** The batch size and the rate that an earlier run was tuned with. */
  tunedAt?: { batchSize: number; lr: number }
  /** The weights come from an earlier run; was its optimizer's state loaded? */
  resumed?: { sameTask: boolean; state: 'loaded' | 'fresh' }
  /** The optimizer was changed within the training. */
  switchedFrom?: { optimizer: string; lr: number; state: 'kept' | 'fresh' }
  /** Runs that are compared. */
  compared?: readonly ComparedArm[]
  /** The kinds of model that this optimizer is taken for. */
  usedFor?: readonly ModelKind[]
  /** What is to be changed next. */
  nextChange?: 'learning-rate' | 'batch-size' | 'regularizer' | 'data' | 'model' | 'optimizer'
  /** Why an option has its value: `{ beta2: 'a very long run' }`. */
  because?: Readonly<Record<string, string>>
  /** What was seen while it trained. */
  symptoms?: readonly Symptom[]
}
