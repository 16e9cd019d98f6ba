// %% [markdown]
// # Dropout, norm layers, early stopping
//
// **The question.** A network can learn its training rows by heart and fail on all others. Dropout, norm layers and early stopping are the usual things to reach for. Two of them
// compute something else while a network trains than when it is used. What exactly do they do, what happens if you forget to switch, and do they help?
//
// You will take each apart on a handful of numbers, leave a network in the wrong mode and see what it costs, measure all of them over five seeds on real digits, and write the
// rules yourself. About 30 minutes. Lesson 06 says what the digits are trained on, and when a difference counts.

// %%
import {
  accuracy,
  adam,
  batches,
  batchNorm,
  check,
  classOf,
  compare,
  counts,
  Dataset,
  digits,
  display,
  dropout,
  earlyStopping,
  evaluate,
  fit,
  initialize,
  type Layer,
  layerNorm,
  linear,
  lines,
  noGrad,
  panels,
  quiz,
  type Recipe,
  records,
  relu,
  type SeedData,
  type Spread,
  seededRandom,
  sequential,
  split,
  spreadOf,
  standardize,
  type Tensor,
  tensor,
} from 'downhill'

// %% [markdown]
// ## Dropout
//
// A **unit** is one output of a layer, one number for each row. While a network trains, dropout sets each unit to 0 with probability p, drawn anew for every row and step. No
// unit can lean on one particular other, for it may be missing. What is left is divided by 1 − p:
//
// $$y_i = \begin{cases} 0 & \text{with probability } p \\[1ex] \dfrac{x_i}{1-p} & \text{otherwise} \end{cases}$$
//
// In _evaluation mode_, that is when the network is measured or used, nothing is dropped and nothing is divided: $y_i = x_i$.
//
// ## Guess before you run
//
// Eight units all have the value 1, and p = 0.5. Which values can come out in training? What is their average over many draws? And what comes out in evaluation?

// %% id=guess
const guess = { 'values in training': '0 or 1', 'average in training': 0.5, 'in evaluation': 0.5 }

// %% id=masks
const ones = Array.from({ length: 8 }, () => 1)
const half = dropout(0.5, { seed: 3 })
const draws = []
for (let draw = 1; draw <= 4; draw++) {
  const units = [...half(tensor(ones)).dataSync()]
  draws.push({ mode: `training, draw ${draw}`, units: units.join('  ') })
}
half.evaluate()
const evaluated = [...half(tensor(ones)).dataSync()]
draws.push({ mode: 'evaluation', units: evaluated.join('  ') })
half.train()
const thousand = half(tensor(new Float64Array(8000).fill(1))).dataSync()
display(records(draws, { caption: 'dropout(0.5) on eight ones' }))
records(
  [
    {
      question: 'values in training',
      'your guess': guess['values in training'],
      computed: [...new Set(thousand)].sort().join(' or '),
    },
    {
      question: 'average in training, over 1000 draws',
      'your guess': String(guess['average in training']),
      computed: (thousand.reduce((sum, unit) => sum + unit, 0) / thousand.length).toFixed(2),
    },
    {
      question: 'in evaluation',
      'your guess': String(guess['in evaluation']),
      computed: [...new Set(evaluated)].join(' or '),
    },
  ],
  { caption: 'What you expected' },
)

// %% [markdown]
// The ones that stay become 2. That is what the division is for: **in training, the average of a unit over many draws is what it is in evaluation**, so the next layer meets
// inputs of the same size in both modes. Dividing while training is called _inverted scaling_. The first papers multiplied by 1 − p in evaluation instead; the inverted form leaves
// the network that is used alone.
//
// Here is the sum of 64 units, each of them 1/64, for nine values of p, over 2000 rows. The band is ± one standard deviation over the rows.

// %% id=scaling
const rates = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
const many = tensor(new Float64Array(2000 * 64).fill(1 / 64), { shape: [2000, 64] })
function spread(values: ArrayLike<number>): { mean: number; sd: number } {
  const all = Array.from(values)
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length
  const squares = all.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, sd: Math.sqrt(squares / (all.length - 1)) }
}
const sums = rates.map((p) => spread(noGrad(() => dropout(p, { seed: 1 })(many).sum(1)).dataSync()))
lines({
  title: 'The sum of 64 units under dropout; without dropout it is 1',
  alt: 'Divided by 1 − p, the mean stays at 1 and its band widens with p; not divided, the mean falls as 1 − p.',
  xTitle: 'p, the probability to be dropped',
  yTitle: 'sum over a row',
  series: [
    {
      name: 'divided by 1 − p',
      x: rates,
      y: sums.map(({ mean }) => mean),
      band: { low: sums.map((s) => s.mean - s.sd), high: sums.map((s) => s.mean + s.sd) },
    },
    {
      name: 'not divided',
      x: rates,
      y: sums.map(({ mean }, k) => mean * (1 - rates[k])),
      band: {
        low: sums.map((s, k) => (s.mean - s.sd) * (1 - rates[k])),
        high: sums.map((s, k) => (s.mean + s.sd) * (1 - rates[k])),
      },
    },
  ],
})

// %% [markdown]
// The mean stays at 1 when it is divided, and falls as 1 − p when it is not. What grows with p is the noise. Rates from 0.1 to 0.5 are usual; look at the band at 0.9.

// %% [markdown]
// ## Batch norm and layer norm
//
// Both take numbers to mean 0 and _variance_ 1 (the square of the standard deviation):
//
// $$y = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}\cdot w + b$$
//
// μ is the mean of some numbers and σ² their variance, the mean squared distance from μ. w and b are learned (1 and 0 at first), and ε only keeps the division from being one by 0. The two layers differ in what μ and σ² are taken over. Let a batch be a table: a row for each
// example, a column for each unit. **Batch norm** takes one column, over all rows. **Layer norm** takes one row, over all columns.

// %% id=norms
const batch = [
  [1, 20, 300],
  [2, 10, 400],
  [3, 40, 100],
  [4, 30, 200],
]
const rowsOf = (x: Tensor): number[][] => {
  const [values, width] = [[...x.dataSync()], x.shape.at(-1) ?? 1]
  return Array.from({ length: x.shape[0] }, (_, k) => values.slice(k * width, (k + 1) * width))
}
const text = (row: number[]) => row.map((value) => value.toFixed(2).padStart(6)).join(' ')
const byBatch = rowsOf(batchNorm(3)(tensor(batch)))
const byLayer = rowsOf(layerNorm(3)(tensor(batch)))
records(
  batch.map((row, k) => ({
    row: k + 1,
    x: row.join('  '),
    'batch norm': text(byBatch[k]),
    'layer norm': text(byLayer[k]),
  })),
  { caption: 'The same four rows of three units' },
)

// %% [markdown]
// Read the columns of the one and the rows of the other. Batch norm forgets how large a unit is beside the other units; layer norm forgets how large a row is beside the other
// rows.
//
// **Guess:** the last row is multiplied by 10. Which outputs of the _first_ row change?

// %% id=companions
const louder = batch.map((row, k) => (k === 3 ? row.map((value) => 10 * value) : row))
const firstRow = (rows: number[][]) => rows[0]
records(
  [
    {
      layer: 'batch norm',
      before: text(firstRow(byBatch)),
      'after the last row grew': text(firstRow(rowsOf(batchNorm(3)(tensor(louder))))),
    },
    {
      layer: 'layer norm',
      before: text(firstRow(byLayer)),
      'after the last row grew': text(firstRow(rowsOf(layerNorm(3)(tensor(louder))))),
    },
  ],
  { caption: 'The first row, which nobody touched' },
)

// %% [markdown]
// With batch norm, what comes out for one row depends on its companions. While training, that is a source of noise. In use it would be absurd: the reading of a digit must not
// depend on which other digits were asked about at the same moment. So batch norm keeps **running statistics**, and takes those in evaluation:
//
// $$\text{running} \leftarrow (1-m)\cdot\text{running} + m\cdot\text{batch}$$
//
// with m = 0.1, running mean 0 and running variance 1 at the start. Layer norm has nothing of the kind: it does the same in both modes.
//
// Below, batches of 32 numbers around 3 with variance 4 go by. How many does it take until evaluation can be trusted?

// %% id=running
const normal = seededRandom(11)
const gauss = () => Math.sqrt(-2 * Math.log(1 - normal())) * Math.cos(2 * Math.PI * normal())
const watched = batchNorm(1)
const seen = { mean: [0], variance: [1] }
for (let step = 0; step < 60; step++) {
  watched(tensor(Array.from({ length: 32 }, () => [3 + 2 * gauss()])))
  const { runningMean, runningVar } = (await watched.stateDict()) as Record<
    string,
    { data: number[] }
  >
  seen.mean.push(runningMean.data[0])
  seen.variance.push(runningVar.data[0])
}
lines({
  title: 'Running statistics of batch norm (m = 0.1)',
  alt: 'The running mean rises from 0 towards 3 and the running variance from 1 towards 4, fast at first, then they wander around these values.',
  xTitle: 'batches seen',
  yTitle: 'value',
  series: [
    { name: 'running mean (true: 3)', y: seen.mean },
    { name: 'running variance (true: 4)', y: seen.variance },
  ],
})

// %% [markdown]
// The weight of the start shrinks as 0.9 to the power of the number of batches. Evaluate after three steps, and what batch norm divides by is still mostly the variance that it was born with.
//
// ## The red flag: evaluated in train mode
//
// Now a network on digits (8 × 8 pixels, 400 of them to train on), once with dropout and once with batch norm. `fit` switches the modes for us. Then we measure on the test set
// ourselves, and forget to switch.
//
// **Guess** first: in evaluation mode both have an accuracy near 0.95. What does each get in _train mode_, with shuffled batches of 2 rows? And with batches of 32, when the test rows are
// sorted by digit?

// %% id=mode-guess
const modeGuess = {
  dropout: { shuffled: 0.5, sorted: 0.5 },
  'batch norm': { shuffled: 0.95, sorted: 0.95 },
}

// %% id=mode
const all = await digits()
const parts = split(all, { train: 400, seed: 1 })
const scaled = standardize(parts.train, parts.test)
const [train, test] = scaled.sets
const sorted = test.rows([...test.y.keys()].sort((i, j) => test.y[i] - test.y[j]))

/** Two layers with 64 units between them; `between` makes what stands there. */
const network = (seed: number, ...between: Layer[]): Layer => {
  const model = sequential(linear(64, 64), ...between, linear(64, 10))
  initialize(model, { seed })
  return model
}
const trained = async (model: Layer): Promise<Layer> => {
  await fit(model, {
    train,
    optimizer: adam(model.parameters(), { lr: 0.01 }),
    epochs: 15,
    progress: false,
  })
  return model
}
/** The accuracy in train mode. The model is put back afterwards, running statistics included. */
const inTrainMode = async (model: Layer, data: Dataset, size: number): Promise<number> => {
  const before = await model.stateDict()
  let [right, rows] = [0, 0]
  model.train()
  for (const { x, y } of batches(data, { size, shuffle: false, dropLast: true })) {
    const outputs = rowsOf(noGrad(() => model(x)))
    right += outputs.filter((row, k) => classOf(row) === y.dataSync()[k]).length
    rows += outputs.length
  }
  model.evaluate()
  model.loadStateDict(before)
  return right / rows
}
const models = {
  dropout: await trained(network(1, relu(), dropout(0.5))),
  'batch norm': await trained(network(1, batchNorm(64), relu())),
}
const sizes = [2, 4, 8, 16, 32, 64, 128]
const modes = []
for (const [name, model] of Object.entries(models)) {
  const proper = (await evaluate(model, test, { metrics: { accuracy: accuracy } })).metrics.accuracy
  const [shuffled, bySort] = [[], []] as [number[], number[]]
  for (const size of sizes) {
    shuffled.push(await inTrainMode(model, test, size))
    bySort.push(await inTrainMode(model, sorted, size))
  }
  modes.push({ name, proper, shuffled, bySort })
}
display(
  records(
    modes.flatMap(({ name, proper, shuffled, bySort }) => {
      const guessed = modeGuess[name as keyof typeof modeGuess]
      return [
        { network: name, measured: 'evaluation mode', accuracy: proper },
        {
          network: name,
          measured: 'train mode, shuffled, batches of 2',
          accuracy: shuffled[0],
          'your guess': guessed.shuffled,
        },
        { network: name, measured: 'train mode, shuffled, batches of 32', accuracy: shuffled[4] },
        {
          network: name,
          measured: 'train mode, sorted, batches of 32',
          accuracy: bySort[4],
          'your guess': guessed.sorted,
        },
      ]
    }),
    { digits: 3, caption: 'Test accuracy, one set of weights for each network' },
  ),
)
const lost = modes.flatMap(({ name, proper, shuffled, bySort }) => [
  { name: `${name}, shuffled`, x: sizes, y: shuffled.map((value) => proper - value) },
  { name: `${name}, sorted by digit`, x: sizes, y: bySort.map((value) => proper - value) },
])
lines({
  title: 'What it costs to forget model.evaluate()',
  xTitle: 'rows in a batch',
  yTitle: 'test accuracy lost',
  logX: true,
  series: lost.map((series) => ({ ...series, markers: true })),
  alt: 'Test accuracy lost in train mode against the batch size: little for dropout at every size; for batch norm much with small shuffled batches, and most with batches sorted by digit.',
})

// %% [markdown]
// Dropout costs some accuracy, at every batch size alike: half of the units are missing. Batch norm is worse and more treacherous. With small batches its statistics are noise. And
// when a batch holds one digit only, what all its rows have in common, which is the very digit, is subtracted as the mean. Shuffle the same rows, take large batches, and it
// looks almost right.
//
// There is a second trap. Batch norm in train mode _learns_ from what it sees, also where no gradient is computed. One look at the sorted test set, and then a proper
// evaluation:

// %% id=spoiled
const spoiled = models['batch norm']
const healthy = await spoiled.stateDict()
const measure = async () =>
  (await evaluate(spoiled, test, { metrics: { accuracy: accuracy } })).metrics.accuracy
const asTrained = await measure()
spoiled.train()
for (const { x } of batches(sorted, { size: 32, shuffle: false, dropLast: true })) {
  noGrad(() => spoiled(x))
}
spoiled.evaluate()
const afterLook = await measure()
spoiled.loadStateDict(healthy)
records(
  [
    { 'in evaluation mode': 'as trained', 'test accuracy': asTrained },
    {
      'in evaluation mode': 'after one pass over the test set in train mode',
      'test accuracy': afterLook,
    },
  ],
  { digits: 3 },
)

// %% [markdown]
// No gradient, no step of an optimizer, and yet another network: the running statistics lean towards the last batches, and those held nothing but nines.
//
// **The rule:** `model.evaluate()` before measuring, `model.train()` before going on. `fit`, `evaluate` and `predict` of this library do it for you; a loop of your own must do it
// itself.
//
// ## Early stopping
//
// The simplest of the three: keep a validation set, rows that are not trained on, measure its loss after each epoch (one pass over the training rows), and stop when it has
// not improved for a while. Two numbers say what that means: **patience**, how many epochs without improvement are one too many, and **minDelta**, how much is an improvement.
// Patience 10 and minDelta 0.001 are a usual start. The weights of the best epoch are put back.
//
// For overfitting that can be seen we make the task harder: 200 digits to train on, and one _label_ (right answer) in five drawn by lot. Such noise is common in real data, and it is what a network
// should not learn by heart.

// %% id=noise
/** 200 digits to train on, 400 to validate, 1197 to test. The share `noise` of the training labels is drawn by lot. */
function digitsWith(
  noise: number,
  seed: number,
): SeedData & { train: Dataset; validation: Dataset } {
  const three = split(all, { train: 200, validation: 400, seed })
  const random = seededRandom(seed)
  const lot = (label: number) => (random() < noise ? Math.floor(10 * random()) : label)
  const noisy = new Dataset({ ...three.train, y: three.train.y.map(lot) })
  const { sets } = standardize(noisy, three.validation, three.test)
  return { train: sets[0], validation: sets[1], test: sets[2] }
}
const epochs = 30
const oneSeed = 2
const oneSplit = digitsWith(0.2, oneSeed)
const plain = network(oneSeed, relu())
const noisyRun = await fit(plain, {
  train: oneSplit.train,
  validation: oneSplit.validation,
  optimizer: adam(plain.parameters(), { lr: 0.01 }),
  epochs,
  metrics: { accuracy: accuracy },
  progress: false,
})
const validationLoss = noisyRun.column('validationLoss')
lines({
  title: 'A network learns wrong labels by heart',
  alt: 'The training loss falls to the end. The validation loss falls in the first epochs, has a bump, and then climbs.',
  xTitle: 'epoch',
  yTitle: 'loss (cross-entropy)',
  series: [
    { name: 'train', x: noisyRun.column('epoch'), y: noisyRun.column('trainLoss') },
    { name: 'validation', x: noisyRun.column('epoch'), y: validationLoss },
  ],
})

// %% [markdown]
// The training loss goes on falling. The validation loss turns round and climbs: what is learned now is the wrong labels. This pair of curves is the symptom; the first move is to
// regularize, or to stop earlier.
//
// When would early stopping have stopped? `earlyStopping` takes one loss after the other. Epochs are counted from 1 here.

// %% id=patience
const patiences = [1, 2, 5, 10, 20].map((patience) => {
  const stopping = earlyStopping({ patience, minDelta: 0.001 })
  const observed = validationLoss.map((loss) => stopping.observe(loss))
  const stop = observed.findIndex(({ stop }) => stop)
  const { best, bestStep } = observed[stop < 0 ? observed.length - 1 : stop]
  return { patience, stop: stop < 0 ? 'never' : stop + 1, bestEpoch: bestStep + 1, best }
})
records(
  patiences.map(({ patience, stop, bestEpoch, best }) => ({
    patience,
    'stops after epoch': stop,
    'best epoch': bestEpoch,
    'validation loss there': best,
  })),
  { digits: { 'validation loss there': 4 }, caption: 'The same curve, five patiences' },
)

// %% [markdown]
// A small patience is cheap, and takes the first bump for the end: look for it in the figure. A large one spends epochs to be sure. Since the best weights are put back, too much patience costs only time. (Curves differ: set
// `oneSeed` to another number, run the two cells again, and see whether the patiences still disagree.)
//
// ## Do they help? Measured
//
// One run proves nothing: another seed is another split, other first weights, another order of the rows, and another accuracy. So each _recipe_ (all that is chosen before a run) runs with five seeds, on two tasks: the
// digits as they are, and with one label in five drawn by lot. What is compared is the accuracy on the test set, _seed by seed_: how much better than the same seed without
// any of them. 50 runs take a few seconds.
//
// **Guess:** which of the four will be better than "none" on both tasks?

// %% id=helps-guess
const helpsGuess = ['dropout 0.5', 'batch norm', 'layer norm', 'early stopping']

// %% id=measured
const withLayers = (name: string, between: () => Layer[]): Recipe => ({
  name,
  model: (seed) => network(seed, ...between()),
  optimizer: (params) => adam(params, { lr: 0.01 }),
})
const recipes: Recipe[] = [
  withLayers('none', () => [relu()]),
  withLayers('dropout 0.5', () => [relu(), dropout(0.5)]),
  withLayers('batch norm', () => [batchNorm(64), relu()]),
  withLayers('layer norm', () => [layerNorm(64), relu()]),
  {
    ...withLayers('early stopping', () => [relu()]),
    earlyStopping: { patience: 10, minDelta: 0.001, restoreBest: true },
  },
]
const seeds = [1, 2, 3, 4, 5]
const onTask = (noise: number) =>
  compare(recipes, {
    seeds,
    data: (seed) => digitsWith(noise, seed),
    epochs: epochs,
    metrics: { accuracy: accuracy },
    progress: false,
  })
const tasks = {
  'clean labels': await onTask(0),
  'a fifth by lot': await onTask(0.2),
}

const pm = ({ mean, sd }: Spread) => `${mean.toFixed(3)} ± ${sd.toFixed(3)}`
const verdicts = Object.entries(tasks).flatMap(([task, comparison]) => {
  const tested = (recipe: string) =>
    comparison.of(recipe).map(({ test }) => test?.metrics.accuracy ?? 0)
  return comparison.rows.map(({ recipe, test, difference, epochs: used }) => {
    const gains = tested(recipe).map((value, k) => value - tested('none')[k])
    const better = gains.filter((gain) => gain > 0).length
    const worse = gains.filter((gain) => gain < 0).length
    return {
      task,
      recipe,
      'test accuracy': test ? pm(test) : '',
      'difference to none': difference ? pm(difference) : '',
      'better in': recipe === 'none' ? '' : `${better} of ${seeds.length} seeds`,
      verdict:
        recipe === 'none'
          ? ''
          : !counts(spreadOf(gains))
            ? 'no difference seen'
            : better > worse
              ? 'helps here'
              : 'hurts here',
      'epochs used': used.mean.toFixed(1),
    }
  })
})
records(verdicts, {
  caption: `Mean ± standard deviation over ${seeds.length} seeds. "Helps" and "hurts" are said only where the difference counts`,
  mark: ({ recipe }, column) =>
    column === 'recipe' && helpsGuess.includes(recipe) ? 'your guess' : undefined,
})

// %% [markdown]
// And in short:

// %% id=verdict-summary
records(
  Object.entries(tasks).map(([task, comparison]) => {
    const named = (verdict: string) =>
      verdicts
        .filter((row) => row.task === task && row.verdict === verdict)
        .map(({ recipe }) => recipe)
        .join(', ') || 'none of them'
    const gainOf = ({ difference }: { difference?: Spread }) => difference?.mean ?? 0
    const first = comparison.rows.reduce((a, b) => (gainOf(b) > gainOf(a) ? b : a))
    return {
      task,
      'help here': named('helps here'),
      'hurt here': named('hurts here'),
      'largest mean gain': `${first.recipe}, ${gainOf(first).toFixed(3)}`,
    }
  }),
)

// %% [markdown]
// Where was more to be won, and why? These methods work against learning by heart. With clean labels there is little of it to work against, and early stopping, which watches the loss and not the
// accuracy, may end a run whose accuracy is still creeping up. With labels drawn by lot there is much. Norm layers were made for something else, to keep networks of many layers
// trainable, and this one has two; lesson 09 goes deeper.
//
// So no regularizer "helps" as such. It helps against something, and the curves tell whether that something is there.
//
// "Helps" and "hurts" follow the rule of lesson 06: a difference counts when its mean is more than twice its standard deviation. That all five seeds agree is not enough: by pure chance they agree, on one side or the other, once in sixteen
// times. So a row may say "5 of 5" and "no difference seen": the gains scatter too much to trust their mean. And p = 0.5, one patience and one α were given, not tuned. Lesson 08 does the comparison properly, each method with its own tuned strength.
//
// The curves behind the second half of the table, mean and band over the seeds:

// %% id=bands
const noisyTask = tasks['a fifth by lot']
const courses = (column: 'trainLoss' | 'validationLoss', title: string) =>
  lines({
    title,
    alt: `${title} over the epochs without a regularizer, with dropout, batch norm and layer norm: mean and band of five seeds.`,
    xTitle: 'epoch',
    yTitle: 'loss (cross-entropy)',
    series: ['none', 'dropout 0.5', 'batch norm', 'layer norm'].map((recipe) => {
      const { epoch, mean, sd } = noisyTask.band(recipe, column)
      const band = { low: mean.map((m, k) => m - sd[k]), high: mean.map((m, k) => m + sd[k]) }
      return { name: recipe, x: epoch, y: mean, band }
    }),
  })
panels([courses('trainLoss', 'Train loss'), courses('validationLoss', 'Validation loss')], {
  title: 'A fifth of the labels drawn by lot: five seeds',
  same: 'y',
})

// %% [markdown]
// ## Your turn: dropout
//
// Write `drop(x, u, { p, training })`, which returns a new list:
//
// - `x` is a list of numbers; `u` as many random numbers from 0 to 1, already drawn for you;
// - while `training`, element i is dropped (0) where `u[i] < p`, and otherwise scaled so that the mean stays;
// - in evaluation (`training` is false) the list comes back as it is.
//
// p is at least 0 and below 1. Numbers are compared to 10⁻⁹.

// %% exercise=dropout
interface DropOptions {
  p: number
  training: boolean
}

function drop(x: number[], u: number[], { p, training }: DropOptions): number[] {
  // BEGIN SOLUTION
  if (!training) return [...x]
  return x.map((value, i) => (u[i] < p ? 0 : value / (1 - p)))
  // END SOLUTION
}

// %% check=dropout
await check('dropout', drop)

// %% [markdown]
// ## Your turn: batch norm
//
// Write `normalizeBatch(rows, running, { momentum, eps, training })`. w is 1 and b is 0, so there is nothing to learn. It returns `{ y, mean, variance }`:
//
// - `rows` is a table of numbers, a row for each example; `running` is `{ mean, variance }`, a list each with one number for each column;
// - `y` is the normalized table: with the mean and variance of each column of the batch while `training`, with the running ones in evaluation. ε > 0 is added to the variance, inside
//   the root;
// - `mean` and `variance` are the new running statistics: `(1 − momentum)·old + momentum·batch` while `training`, the old ones in evaluation.
//
// The variance that normalizes is divided by n, the number of rows. For the running variance PyTorch and the paper divide by n − 1, Keras by n: both pass. Numbers are
// compared to 10⁻⁶.

// %% exercise=batch-norm
interface Running {
  mean: number[]
  variance: number[]
}
interface BatchOptions {
  momentum: number
  eps: number
  training: boolean
}

function normalizeBatch(
  rows: number[][],
  running: Running,
  { momentum, eps, training }: BatchOptions,
): Running & { y: number[][] } {
  // BEGIN SOLUTION
  const n = rows.length
  const columns = running.mean.map((_, j) => rows.map((row) => row[j]))
  const means = columns.map((column) => column.reduce((sum, x) => sum + x, 0) / n)
  const squares = columns.map((column, j) =>
    column.reduce((sum, x) => sum + (x - means[j]) ** 2, 0),
  )
  const mean = training ? means : running.mean
  const variance = training ? squares.map((sum) => sum / n) : running.variance
  const y = rows.map((row) => row.map((x, j) => (x - mean[j]) / Math.sqrt(variance[j] + eps)))
  if (!training) return { y, mean: running.mean, variance: running.variance }
  const mix = (old: number, now: number) => (1 - momentum) * old + momentum * now
  return {
    y,
    mean: running.mean.map((old, j) => mix(old, means[j])),
    variance: running.variance.map((old, j) => mix(old, squares[j] / (n - 1))),
  }
  // END SOLUTION
}

// %% check=batch-norm
await check('batch-norm', normalizeBatch)

// %% [markdown]
// ## Your turn: layer norm
//
// Write `normalizeRows(rows, { weight, bias, eps })`: each row to mean 0 and variance 1 over its own numbers (variance divided by their count, ε > 0 inside the root), then number j
// times `weight[j]` plus `bias[j]`. It returns the table, and there is no `training`: why? Numbers are compared to 10⁻⁶.

// %% exercise=layer-norm
interface RowOptions {
  weight: number[]
  bias: number[]
  eps: number
}

function normalizeRows(rows: number[][], { weight, bias, eps }: RowOptions): number[][] {
  // BEGIN SOLUTION
  return rows.map((row) => {
    const mean = row.reduce((sum, x) => sum + x, 0) / row.length
    const variance = row.reduce((sum, x) => sum + (x - mean) ** 2, 0) / row.length
    return row.map((x, j) => ((x - mean) / Math.sqrt(variance + eps)) * weight[j] + bias[j])
  })
  // END SOLUTION
}

// %% check=layer-norm
await check('layer-norm', normalizeRows)

// %% [markdown]
// ## Your turn: early stopping
//
// Write `stopAt(losses, { patience, minDelta })` for a list of validation losses, one an epoch, epochs counted from 0. It returns `{ stop, best, loss }`:
//
// - a loss is an improvement when it is below the best one so far by **more than** minDelta; the first loss, which is a number, always is. NaN never is;
// - the run stops at the epoch that is the `patience`-th in a row without an improvement: `stop` is that epoch, or `null` if there is none;
// - `best` is the epoch of the last improvement up to there, and `loss` its loss. What comes after the stop was never seen.

// %% exercise=early-stopping
interface StopRule {
  patience: number
  minDelta: number
}

function stopAt(
  losses: number[],
  { patience, minDelta }: StopRule,
): { stop: number | null; best: number; loss: number } {
  // BEGIN SOLUTION
  let [best, loss] = [-1, Infinity]
  for (let epoch = 0; epoch < losses.length; epoch++) {
    if (loss - losses[epoch] > minDelta) {
      best = epoch
      loss = losses[epoch]
    }
    if (epoch - best >= patience) return { stop: epoch, best, loss }
  }
  return { stop: null, best, loss }
  // END SOLUTION
}

// %% check=early-stopping
await check('early-stopping', stopAt)

// %% [markdown]
// ## True or false?
//
// Write `true` or `false` for each, then run both cells: the second answers from what this notebook computed.
//
// 1. Dropout with p = 0.5 halves the average of what the next layer gets.
// 2. With layer norm, what comes out for a row does not depend on the other rows of the batch.
// 3. Measuring a network with batch norm changes nothing, as long as no gradient is computed.
// 4. A network with batch norm that was left in train mode can look almost right.
// 5. Dropout, norm layers and early stopping each raise the test accuracy, whatever the data.
// 6. On the same curve, a larger patience never ends with a worse validation loss, if the best weights are put back.

// %% id=quiz
const answers = [true, false, true, false, true, false]

// %% id=quiz-answers
const layerOfFirst = firstRow(rowsOf(layerNorm(3)(tensor(louder))))
const norm = modes[1]
const facts = [
  {
    is: Math.abs(sums[4].mean - 0.5) < 0.1,
    because: `the sum was ${sums[4].mean.toFixed(3)} on average where it is 1 without dropout: the division makes up for it`,
  },
  {
    is: layerOfFirst.every((value, j) => Math.abs(value - byLayer[0][j]) < 1e-6),
    because: 'the first row stayed as it was when the last one grew',
  },
  {
    is: Math.abs(afterLook - asTrained) < 0.01,
    because: `accuracy ${asTrained.toFixed(3)} before and ${afterLook.toFixed(3)} after one look in train mode: the running statistics moved`,
  },
  {
    is: norm.proper - Math.max(...norm.shuffled) < 0.05,
    because: `shuffled, in batches of ${sizes.at(-1)}, the test rows give ${Math.max(...norm.shuffled).toFixed(3)} instead of ${norm.proper.toFixed(3)}; sorted they give as little as ${Math.min(...norm.bySort).toFixed(3)}`,
  },
  {
    is: verdicts.every(({ recipe, verdict }) => recipe === 'none' || verdict === 'helps here'),
    because: `${verdicts.filter(({ verdict }) => verdict === 'helps here').length} of ${verdicts.length - 2} cases above helped: each works against something, and that must be there`,
  },
  {
    is: patiences.every((row, k) => k === 0 || row.best <= patiences[k - 1].best),
    because: 'the table of patiences: it sees the same epochs and some more. What it costs is time',
  },
]
quiz(answers, facts)

// %% [markdown]
// ## To keep
//
// - **Symptom:** the training loss falls, the validation loss rises. **First move:** stop earlier (patience 10, minDelta 0.001, best weights back); it has no strength to tune. Then
//   one regularizer at a time. **Which curve should move:** the validation loss at the end.
// - **Symptom:** the test accuracy changes when you ask twice, or with the batch size, or with the order of the rows. **First move:** `model.evaluate()`. If batch norm has seen what it should
//   not, load the last good state.
// - **Next:** if both curves are low but the accuracy is still poor, it is no longer a matter of regularizing: look at the data and the model.
// - **Read next:** Srivastava and others, _Dropout_ (2014); Ioffe and Szegedy, _Batch Normalization_ (2015); Ba, Kiros and Hinton, _Layer Normalization_ (2016); Prechelt, _Early Stopping
//   – But When?_ (1998).
//
// **On to [lesson 08](08-compare-regularizers.ipynb):** all these remedies, compared.
//
// [All lessons](00-start-here.ipynb) · [Glossary](glossary.ipynb)
