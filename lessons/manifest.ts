/** Points of one exercise: those of its visible checks (what nbgrader sees) and those that only the grader runs. */
export interface ExerciseEntry {
  id: string
  visible: number
  hidden: number
}

export interface NotebookEntry {
  /** What commands call it: "01". */
  id: string
  /** The name of its notebook, and of its source: lessons/FOLDER/lesson.ts, or docs/FOLDER.ts without exercises. */
  folder: string
  title: string
}

export interface LessonEntry extends NotebookEntry {
  exercises: readonly ExerciseEntry[]
}

/** The lessons in the order of the course. The points must be those of the checks; `downhill lessons check` compares. */
export const lessons: readonly LessonEntry[] = [
  {
    id: '01',
    folder: '01-three-adam-steps',
    title: 'Three steps of Adam',
    exercises: [{ id: 'adam-step', visible: 4, hidden: 6 }],
  },
  {
    id: '02',
    folder: '02-gradient-clipping',
    title: 'Clipping gradients',
    exercises: [
      { id: 'clip-by-value', visible: 2, hidden: 3 },
      { id: 'clip-by-norm', visible: 4, hidden: 6 },
    ],
  },
  {
    id: '03',
    folder: '03-warmup-cosine',
    title: 'Warmup, then half a cosine',
    exercises: [
      { id: 'warmup-cosine', visible: 4, hidden: 6 },
      { id: 'rate-table', visible: 2, hidden: 3 },
    ],
  },
  {
    id: '04',
    folder: '04-momentum-valley',
    title: 'Momentum and the valley',
    exercises: [
      { id: 'momentum-step', visible: 4, hidden: 4 },
      { id: 'nesterov-step', visible: 3, hidden: 3 },
      { id: 'largest-rate', visible: 1, hidden: 2 },
    ],
  },
  {
    id: '05',
    folder: '05-adaptive-methods',
    title: 'Adaptive methods and bias correction',
    exercises: [
      { id: 'adagrad-step', visible: 3, hidden: 4 },
      { id: 'rmsprop-step', visible: 3, hidden: 4 },
      { id: 'corrected-average', visible: 2, hidden: 3 },
    ],
  },
  {
    id: '06',
    folder: '06-l2-is-not-weight-decay',
    title: 'L2 is not weight decay',
    exercises: [
      { id: 'adam-l2', visible: 2, hidden: 3 },
      { id: 'adamw-step', visible: 3, hidden: 4 },
    ],
  },
  {
    id: '07',
    folder: '07-dropout-norm-stopping',
    title: 'Dropout, norm layers, early stopping',
    exercises: [
      { id: 'dropout', visible: 3, hidden: 5 },
      { id: 'batch-norm', visible: 3, hidden: 4 },
      { id: 'layer-norm', visible: 2, hidden: 3 },
      { id: 'early-stopping', visible: 2, hidden: 4 },
    ],
  },
  {
    id: '08',
    folder: '08-compare-regularizers',
    title: 'Compare regularizers',
    exercises: [
      { id: 'l1-penalty', visible: 2, hidden: 3 },
      { id: 'decay', visible: 2, hidden: 3 },
      { id: 'dropout-units', visible: 2, hidden: 3 },
      { id: 'regularizer-table', visible: 4, hidden: 6 },
      { id: 'regularizer-winner', visible: 2, hidden: 3 },
    ],
  },
  {
    id: '09',
    folder: '09-init-precision-augmentation',
    title: 'First weights, few digits, more data',
    exercises: [
      { id: 'signal-size', visible: 2, hidden: 3 },
      { id: 'loss-scaling', visible: 4, hidden: 6 },
    ],
  },
  {
    id: '10',
    folder: '10-batch-size',
    title: 'Batch size, accumulation, and the learning rate',
    exercises: [
      { id: 'accumulate', visible: 2, hidden: 4 },
      { id: 'scale-rate', visible: 3, hidden: 4 },
    ],
  },
  {
    id: '11',
    folder: '11-transfer',
    title: 'Parameter groups and transfer',
    exercises: [
      { id: 'rate-groups', visible: 3, hidden: 5 },
      { id: 'unfreeze-plan', visible: 2, hidden: 4 },
    ],
  },
  {
    id: '12',
    folder: '12-fair-comparison',
    title: 'Learning rates, and a fair comparison',
    exercises: [
      { id: 'lr-sweep', visible: 1, hidden: 2 },
      { id: 'lr-pick', visible: 3, hidden: 5 },
      { id: 'fair-comparison', visible: 3, hidden: 7 },
    ],
  },
  {
    id: '13',
    folder: '13-what-goes-wrong',
    title: 'What goes wrong: six runs',
    exercises: [
      { id: 'six-runs', visible: 3, hidden: 4 },
      { id: 'read-curves', visible: 3, hidden: 5 },
      { id: 'next-fix', visible: 2, hidden: 3 },
    ],
  },
  {
    id: '14',
    folder: '14-large-batch',
    title: 'Large batches: LAMB, LARS, Lookahead',
    exercises: [
      { id: 'scaled-rate', visible: 2, hidden: 3 },
      { id: 'trust-ratio', visible: 2, hidden: 4 },
      { id: 'lamb-step', visible: 3, hidden: 4 },
    ],
  },
  {
    id: '15',
    folder: '15-your-own-optimizer',
    title: 'Your own optimizer, on every backend',
    exercises: [{ id: 'own-rule', visible: 3, hidden: 7 }],
  },
  {
    id: '16',
    folder: '16-resume-switch-average',
    title: 'Resume, switch, average',
    exercises: [
      { id: 'adam-resume', visible: 3, hidden: 4 },
      { id: 'weight-averages', visible: 2, hidden: 3 },
    ],
  },
  // Outside the numbering: what comes to the course stands before it.
  {
    id: 'project',
    folder: 'project-digits',
    title: 'The project: digits within a budget',
    exercises: [
      { id: 'recipe', visible: 3, hidden: 9 },
      { id: 'note', visible: 3, hidden: 5 },
    ],
  },
]

/** Notebooks beside the lessons, for reading and trying: nothing in them is marked. */
export const guides: readonly NotebookEntry[] = [
  { id: 'start', folder: '00-start-here', title: 'Start here' },
  { id: 'tour', folder: 'kernel-tour', title: 'A tour of the kernel' },
  { id: 'speed', folder: 'speed', title: 'How long is a step?' },
  { id: 'glossary', folder: 'glossary', title: 'Glossary' },
]
