// %% [markdown]
// # Compare regularizers
//
// **The question.** A network that knows its 200 training pictures by heart is not what we want: we want it to read new ones. Six remedies are recommended: L1, L2, weight decay,
// dropout, batch norm, early stopping. Which of them helps here, by how much, and how would we know that it was not luck?
//
// Such remedies are called regularizers (lesson 06). You will write three of them, train 110 small
// networks in a fair contest, and write the function that decides the contest. About 30 minutes; the runs themselves take less than one.

// %%
import {
  accuracy,
  adam,
  adamw,
  batchNorm,
  type ComparedRun,
  check,
  compare,
  comparisonPlot,
  counts,
  crossEntropy,
  digits,
  display,
  dropout as dropoutLayer,
  evaluate,
  fit,
  type Layer,
  l1Penalty as l1PenaltyOf,
  l2Penalty,
  linear,
  lines,
  noDecayGroups,
  quiz,
  type Recipe,
  records,
  relu,
  seededRandom,
  sequential,
  split,
  spreadOf,
  standardize,
  type Tensor,
} from 'downhill'

// %% [markdown]
// ## Guess before you run
//
// Which of `L1`, `L2`, `decay`, `dropout`, `batch norm`, `early stopping` will be best on new pictures, and by how many percentage points of accuracy will it beat no
// regularizer at all? (97 % instead of 95 % are 2 points.) If you expect that none of them matters, write `no difference` and 0.

// %% id=guess
const guess = { best: 'dropout', points: 2 }

// %% [markdown]
// ## The data, five times
//
// The digits are 1797 handwritten figures of 8 × 8 pixels. We **train** on 200 of them, which is few, so that overfitting shows; 400 are for **validation**: to choose by; and the
// rest is the **test** set, which decides nothing and is read once, at the end.
//
// One split is one throw of the dice. So everything is done with five **seeds**: each gives another split, other first weights, and another order of the pictures. All
// remedies get the same five.

// %% id=data
const seeds = [1, 2, 3, 4, 5]
const pictures = await digits()
const dataOf = (seed: number) => {
  const parts = split(pictures, { train: 200, validation: 400, seed })
  const [train, validation, test] = standardize(parts.train, parts.validation, parts.test).sets
  return { train, validation, test }
}
const data = new Map(seeds.map((seed) => [seed, dataOf(seed)]))
records(
  seeds.map((seed) => {
    const { train, validation, test } = data.get(seed)!
    return { seed, train: train.length, validation: validation.length, test: test.length }
  }),
  { caption: 'Rows of each part; every part has the ten digits in equal shares' },
)

// %% [markdown]
// ## The network, and its learning rate
//
// The network has one hidden layer of 64, followed by _ReLU_ (what is negative becomes 0). What stands in the middle changes from remedy to remedy; the two linear layers start from the same weights in all of them.
//
// A contest against an opponent who was never tuned is not fair. So the network **without** a regularizer first gets the same chance that the others will have: three values of the one number it
// has, the learning rate, and one is chosen for all seeds, by the mean validation loss after the last epoch. All others then train at that rate, with the same optimizer (Adam, or AdamW for decay) and
// at most the same number of steps.

// %% id=network
const budget = { epochs: 40, batchSize: 25, metrics: { accuracy: accuracy } }

/** The network of a seed, with these layers in the middle. */
const network = (seed: number, ...middle: Layer[]) =>
  sequential(linear(64, 64, { seed }), ...middle, linear(64, 10, { seed: seed + 100 }))
const plain = (seed: number) => network(seed, relu())

/** Penalties and decay are for weights, not for biases. */
const weightsOf = ({ parameters }: { parameters(): Tensor[] }) =>
  parameters().filter(({ shape }) => shape.length > 1)

// %% id=rate
const rates = [0.001, 0.003, 0.01]
const tuning = await compare(
  rates.map((lr) => ({
    name: `none, rate ${lr}`,
    model: plain,
    optimizer: (params) => adam(params, { lr }),
  })),
  {
    ...budget,
    seeds: seeds,
    data: (seed) => ({ train: data.get(seed)!.train, validation: data.get(seed)!.validation }),
    column: 'validationLoss',
  },
)
const losses = tuning.rows.map(({ final }) => final.mean)
const lr = rates[losses.indexOf(Math.min(...losses))]
display(tuning.table())
console.log(`chosen: ${lr}`)

// %% [markdown]
// ## Does it overfit?
//
// **Overfitting** is a training loss that falls while the validation loss does not follow. Here is the chosen network without any regularizer, the mean of the five seeds in a band of ± one
// standard deviation (sd). The vertical axis is logarithmic: each line of the grid is a factor.

// %% id=overfitting
const bare = tuning.of(`none, rate ${lr}`)
const bandOf = (column: 'trainLoss' | 'validationLoss') => {
  const { epoch, mean, sd } = tuning.band(`none, rate ${lr}`, column)
  return {
    name: column === 'trainLoss' ? 'training' : 'validation',
    x: epoch,
    y: mean,
    band: { low: mean.map((m, k) => m - sd[k]), high: mean.map((m, k) => m + sd[k]) },
  }
}
display(
  lines({
    title: 'Without a regularizer',
    alt: 'Both losses fall together at first; then the training loss goes on falling by powers of ten, and the validation loss stays level.',
    xTitle: 'epoch',
    yTitle: 'loss (cross entropy)',
    series: [bandOf('trainLoss'), bandOf('validationLoss')],
    logY: true,
  }),
)
records(
  bare.map(({ seed, history }) => ({
    seed,
    'training loss': history.last.trainLoss,
    'validation loss': history.last.validationLoss,
    'validation / training': history.last.validationLoss! / history.last.trainLoss,
    'lowest validation loss': history.best().validationLoss,
    'in epoch': history.best().epoch,
  })),
  {
    digits: {
      'training loss': 4,
      'validation loss': 3,
      'validation / training': 0,
      'lowest validation loss': 3,
    },
    caption: 'After the last epoch, and at the best one',
  },
)

// %% [markdown]
// The two curves part early, and by the end they are a large factor apart: there is something to cure. Compare the last two columns with the third, though: a gap between the curves is not yet harm; harm is a validation loss that has risen again.
//
// ## Your turn: three of the remedies by hand
//
// **L1** adds a **penalty** to the loss: λ times the sum of all |w|. The strength λ is a number ≥ 0. Its slope, which joins the gradient, has the same size for every weight:
//
// $$\lambda \sum_i |w_i| \qquad\text{with slope}\qquad \lambda\,\mathrm{sign}(w_i), \quad \mathrm{sign}(0) = 0$$
//
// Write `l1Penalty(weights, strength)`. `weights` is a list of lists, one for each tensor; return `{ penalty, gradient }`, where `gradient` has the shape of `weights`. Numbers are compared to 10⁻⁹.
// (The library's function of the same name is imported under another name here, so that yours can have it. So is its dropout.)

// %% exercise=l1-penalty
interface Penalty {
  penalty: number
  gradient: number[][]
}

function l1Penalty(weights: number[][], strength: number): Penalty {
  // BEGIN SOLUTION
  let sum = 0
  for (const tensor of weights) for (const w of tensor) sum += Math.abs(w)
  const gradient = weights.map((tensor) => tensor.map((w) => strength * Math.sign(w)))
  return { penalty: strength * sum, gradient }
  // END SOLUTION
}

// %% check=l1-penalty
await check('l1-penalty', l1Penalty)

// %% [markdown]
// **Decoupled decay** leaves loss and gradient alone. At each step, besides what the optimizer does, every weight loses a share α·λ of itself, where α is the learning rate (the form of PyTorch's AdamW; lesson 06 shows the others):
//
// $$w \leftarrow w - \alpha\lambda\,w$$
//
// Write `decay(weights, { lr, weightDecay })`, which returns the weights after the decay of one step.

// %% exercise=decay
function decay(weights: number[], options: { lr: number; weightDecay: number }): number[] {
  // BEGIN SOLUTION
  return weights.map((w) => w * (1 - options.lr * options.weightDecay))
  // END SOLUTION
}

// %% check=decay
await check('decay', decay)

// %% [markdown]
// **Dropout** sets each hidden value to 0 with probability p while training, by a fresh random number u in [0, 1) for each, and divides the others by 1 − p, so that the mean stays. In evaluation it does nothing:
//
// $$y_i = \begin{cases} 0 & u_i < p \\ x_i/(1-p) & u_i \ge p \end{cases}$$
//
// Write `dropout(x, u, p, training)`, with 0 ≤ p < 1. The random numbers are given, so that the answer can be checked.

// %% exercise=dropout-units
function dropout(x: number[], u: number[], p: number, training: boolean): number[] {
  // BEGIN SOLUTION
  if (!training) return x
  return x.map((value, i) => (u[i] < p ? 0 : value / (1 - p)))
  // END SOLUTION
}

// %% check=dropout-units
await check('dropout-units', dropout)

// %% [markdown]
// ## The contest
//
// The remedies run **one at a time**: an _arm_ of the contest is the bare network and one change. Each has one number to choose, its strength, from a grid of **three** values.
//
// | arm | what changes | its number |
// | --- | --- | --- |
// | none | nothing | the learning rate, chosen above |
// | L1 | λ·Σ\|w\| is added to the loss | λ |
// | L2 | ½·λ·Σw² is added to the loss | λ |
// | decay | AdamW in place of Adam | λ |
// | dropout | after the hidden layer's ReLU | p |
// | batch norm | before the ReLU: each hidden value is normalized over the batch | the share of a new batch in the running mean that evaluation uses |
// | early stopping | ends the run when the validation loss has not improved by 0.001 for some epochs, and takes the best weights back | how many epochs: the patience |

// %% id=arms
const byAdam = (params: Tensor[]) => adam(params, { lr: lr })

/** An arm: its grid, and the recipe of a strength. */
const arms: Record<string, { grid: number[]; recipe: (strength: number) => Omit<Recipe, 'name'> }> =
  {
    L1: {
      grid: [1e-4, 3e-4, 1e-3],
      recipe: (strength) => ({
        model: plain,
        optimizer: byAdam,
        penalty: (model) => l1PenaltyOf(weightsOf(model), strength),
      }),
    },
    L2: {
      grid: [1e-4, 1e-3, 1e-2],
      recipe: (strength) => ({
        model: plain,
        optimizer: byAdam,
        penalty: (model) => l2Penalty(weightsOf(model), strength),
      }),
    },
    decay: {
      grid: [0.1, 0.3, 1],
      recipe: (weightDecay) => ({
        model: plain,
        optimizer: (params) => adamw(noDecayGroups(params, { weightDecay }).groups, { lr: lr }),
      }),
    },
    dropout: {
      grid: [0.1, 0.3, 0.5],
      recipe: (p) => ({
        model: (seed) => network(seed, relu(), dropoutLayer(p, { seed: seed + 200 })),
        optimizer: byAdam,
      }),
    },
    'batch norm': {
      grid: [0.03, 0.1, 0.3],
      recipe: (momentum) => ({
        model: (seed) => network(seed, batchNorm(64, { momentum }), relu()),
        optimizer: byAdam,
      }),
    },
    'early stopping': {
      grid: [3, 10, 30],
      recipe: (patience) => ({
        model: plain,
        optimizer: byAdam,
        earlyStopping: { patience, minDelta: 0.001, restoreBest: true },
      }),
    },
  }

// %% id=contest
const recipes: Recipe[] = [
  { name: 'none', model: plain, optimizer: byAdam },
  ...Object.entries(arms).flatMap(([arm, { grid, recipe }]) =>
    grid.map((strength) => ({ name: `${arm} ${strength}`, ...recipe(strength) })),
  ),
]
const contest = await compare(recipes, { ...budget, seeds: seeds, data: (seed) => data.get(seed)! })
console.log(`${tuning.runs.length + contest.runs.length} networks were trained`)

// %% [markdown]
// ## Choosing, on validation
//
// For each arm and each seed, the strength with the lowest validation loss is chosen: that of the last epoch, since those are the weights one would have kept; for early stopping that of its best epoch, whose weights came
// back. Nothing here looks at the test set.

// %% id=choosing
const kept = ({ recipe, history }: ComparedRun) =>
  (recipe.startsWith('early stopping') ? history.best() : history.last).validationLoss!

/** Arm → its chosen run for each seed. */
const chosen: Record<string, { strength: number; run: ComparedRun }[]> = {
  none: contest.of('none').map((run) => ({ strength: lr, run })),
}
for (const [arm, { grid }] of Object.entries(arms))
  chosen[arm] = seeds.map((_, k) => {
    const all = grid.map((strength) => ({ strength, run: contest.of(`${arm} ${strength}`)[k] }))
    return all.reduce((best, one) => (kept(one.run) < kept(best.run) ? one : best))
  })
records(
  Object.entries(chosen).map(([arm, runs]) => ({
    arm,
    grid: (arms[arm]?.grid ?? rates).join(', '),
    ...Object.fromEntries(runs.map(({ strength }, k) => [`seed ${seeds[k]}`, strength])),
  })),
  { caption: 'The strength that was chosen for each seed' },
)

// %% [markdown]
// Where an arm takes the end of its grid seed after seed, a better value may lie outside: the grid should then grow, for every arm alike.
//
// ## Four curves to look at together
//
// Training loss, validation loss, the _metric_ (what people read: accuracy) and the learning rate, one line an arm: the mean of the five chosen runs. (Where runs stop early, the line is the mean of those that still go on.)

// %% id=curves
comparisonPlot(
  Object.fromEntries(
    Object.entries(chosen).map(([arm, runs]) => [arm, runs.map(({ run }) => run.history)]),
  ),
  {
    title: 'The chosen runs, mean of five seeds',
    alt: 'Training loss, validation loss, accuracy and learning rate over the epochs, a line for each of the seven arms: the training losses spread far apart, the validation losses and accuracies stay close together.',
    bands: false,
    logY: true,
  },
)

// %% [markdown]
// Read the first two panels together. A regularizer lifts the training loss, that is its job; the question is whether the validation loss goes down in exchange. Mind how the training loss is taken: with
// dropout while units are missing, which alone makes it higher; with L1 and L2 without the penalty.
//
// ## The difference, seed by seed
//
// Now the test set. The seeds differ: some splits are simply harder. Since every arm had the same five splits, we can take the difference to `none` **within each seed**, and the hardness cancels. These are **paired**
// differences.

// %% id=pairs
const testOf = (arm: string) => chosen[arm].map(({ run }) => run.test!)
const differencesOf = (arm: string) =>
  testOf(arm).map(({ metrics }, k) => 100 * (metrics.accuracy - testOf('none')[k].metrics.accuracy))
const lossDifferencesOf = (arm: string) =>
  testOf(arm).map(({ loss }, k) => loss - testOf('none')[k].loss)
const others = Object.keys(arms)
display(
  lines({
    title: 'Test accuracy minus that of none, in the same seed',
    alt: `One line for each remedy over five seeds; the differences go from ${Math.min(...others.flatMap(differencesOf)).toFixed(1)} to ${Math.max(...others.flatMap(differencesOf)).toFixed(1)} points.`,
    xTitle: 'seed',
    yTitle: 'difference (percentage points)',
    series: [
      { name: 'none', x: seeds, y: seeds.map(() => 0) },
      ...others.map((arm) => ({
        name: arm,
        x: seeds,
        y: differencesOf(arm),
        markers: true,
      })),
    ],
  }),
)
const pm = (values: number[], digits: number) => {
  const { mean, sd } = spreadOf(values)
  return `${mean.toFixed(digits)} ± ${sd.toFixed(digits)}`
}
records(
  Object.keys(chosen).map((arm) => ({
    arm,
    'test accuracy (%)': pm(
      testOf(arm).map(({ metrics }) => 100 * metrics.accuracy),
      2,
    ),
    'difference to none (points)': arm === 'none' ? '' : pm(differencesOf(arm), 2),
    'difference of test loss': arm === 'none' ? '' : pm(lossDifferencesOf(arm), 3),
    'steps used': pm(
      chosen[arm].map(({ run }) => run.history.last.step),
      0,
    ),
  })),
  { caption: 'Mean ± standard deviation over five seeds; differences seed by seed' },
)

// %% [markdown]
// Loss and accuracy are two questions. The loss also punishes a right answer that is unsure and a wrong one that is sure; the accuracy only counts.
//
// ## When does a difference count?
//
// Suppose that all seven arms were equally good, and only luck made them differ. With six arms to look at, one of them will often seem better. How often? The next cell plays 4000 contests of pure luck (five seeds, seven arms, all of them
// the same bell-shaped noise) and counts how often a rule calls at least one arm better than none.

// %% id=luck
const random = seededRandom(8)
/** A number from the bell curve of mean 0 and sd 1: Box and Muller's formula. */
const bell = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
const rules: Record<string, (mean: number, sd: number) => boolean> = {
  'the mean difference is above 0': (mean) => mean > 0,
  'it is above 1 sd': (mean, sd) => mean > sd,
  'it is above 2 sd': (mean, sd) => mean > 2 * sd,
}
const alarms = Object.fromEntries(Object.keys(rules).map((rule) => [rule, 0]))
const rounds = 4000
for (let round = 0; round < rounds; round++) {
  const [none, ...rest] = Array.from({ length: 7 }, () => seeds.map(bell))
  const spreads = rest.map((arm) => spreadOf(arm.map((value, k) => value - none[k])))
  for (const [rule, better] of Object.entries(rules))
    if (spreads.some(({ mean, sd }) => better(mean, sd))) alarms[rule] += 1
}
records(
  Object.entries(alarms).map(([rule, count]) => ({
    'an arm is called better when': rule,
    'contests of pure luck with a "winner" (%)': (100 * count) / rounds,
  })),
  { digits: 1 },
)

// %% [markdown]
// "It was better on average" is nearly worthless here. Hence the rule of this course (lesson 06), the last one: **a difference counts when, with five seeds, its mean is more than twice its standard deviation**, upwards for helping, downwards for hurting. It is strict: small true
// differences will be missed with five seeds, so "no difference" means "none that we could see".

// %% id=verdicts
/** Of gains: differences of which more is better. */
const verdictOf = (gains: number[]) => {
  const difference = spreadOf(gains)
  return !counts(difference) ? 'no difference seen' : difference.mean > 0 ? 'helps' : 'hurts'
}
const onAccuracy = (arm: string) => verdictOf(differencesOf(arm))
const onLoss = (arm: string) => verdictOf(lossDifferencesOf(arm).map((difference) => -difference))
const ratio = (values: number[]) => spreadOf(values).mean / spreadOf(values).sd
const leader = others.reduce((a, b) =>
  spreadOf(differencesOf(b)).mean > spreadOf(differencesOf(a)).mean ? b : a,
)
records(
  others.map((arm) => ({
    arm,
    'accuracy: mean / sd': ratio(differencesOf(arm)),
    'on test accuracy it': onAccuracy(arm),
    'loss: mean / sd': ratio(lossDifferencesOf(arm)),
    'on test loss it': onLoss(arm),
  })),
  {
    digits: { 'accuracy: mean / sd': 2, 'loss: mean / sd': 2 },
    caption: `Counts beyond ± 2.06, exactly; for the loss, below 0 is better. You guessed ${guess.best} and ${guess.points} points; the largest mean was that of ${leader}, ${spreadOf(differencesOf(leader)).mean.toFixed(2)} points`,
  },
)

// %% [markdown]
// Rows of "no difference seen" are a result too: of such a remedy nobody can say after this contest that it helps on these digits, and your note should not either. Where the two columns disagree, both are right: fewer mistakes
// and surer answers are two things.
//
// ## Several at once
//
// Why one at a time? Put L2, dropout and batch norm into one network, each at the strength that was chosen for it alone:

// %% id=together
const together: number[] = []
for (const [k, seed] of seeds.entries()) {
  const { train, test } = data.get(seed)!
  const strengthOf = (arm: string) => chosen[arm][k].strength
  const model = network(
    seed,
    batchNorm(64, { momentum: strengthOf('batch norm') }),
    relu(),
    dropoutLayer(strengthOf('dropout'), { seed: seed + 200 }),
  )
  await fit(model, {
    train,
    optimizer: byAdam(model.parameters()),
    penalty: () => l2Penalty(weightsOf(model), strengthOf('L2')),
    epochs: budget.epochs,
    batchSize: budget.batchSize,
    seed,
    progress: false,
  })
  const { metrics } = await evaluate(model, test, { metrics: { accuracy: accuracy } })
  together.push(100 * (metrics.accuracy - testOf('none')[k].metrics.accuracy))
}
const sumOf = (values: number[]) => values.reduce((a, b) => a + b, 0)
const single = ['L2', 'dropout', 'batch norm']
records(
  [
    ...single.map((arm) => ({ added: arm, points: pm(differencesOf(arm), 2) })),
    {
      added: 'the sum of the three differences',
      points: pm(
        seeds.map((_, k) => sumOf(single.map((arm) => differencesOf(arm)[k]))),
        2,
      ),
    },
    { added: 'all three at once', points: pm(together, 2) },
  ],
  { caption: 'Difference to none on the test set (percentage points)' },
)

// %% [markdown]
// From the last row alone nobody could tell which of the three did what. Add regularizers one by one, and keep one only when it moved its curve.
//
// ## Two that the contest left out
//
// Two more stand in every list. _Label smoothing_ by a share s asks for less certainty: the right answer shall get the probability 1 − s + s / 10 in place of 1, each of the nine others s / 10. A **smaller model** has less room to learn by heart. Both get a grid of three and the
// same choice by validation loss; and so that size is seen both ways, a larger model as well. (Validation and test loss are taken without the smoothing.)

// %% id=left-out
const sized = (units: number) => ({
  model: (seed: number) =>
    sequential(linear(64, units, { seed }), relu(), linear(units, 10, { seed: seed + 100 })),
  optimizer: byAdam,
})
const smoothing = (share: number): Omit<Recipe, 'name'> => {
  let model: Layer
  return {
    model: (seed) => {
      model = plain(seed)
      return model
    },
    optimizer: byAdam,
    loss: (output, y) => crossEntropy(output, y, { labelSmoothing: model.training ? share : 0 }),
  }
}
const leftOut: Record<string, { grid: number[]; recipe: (value: number) => Omit<Recipe, 'name'> }> =
  {
    'label smoothing': { grid: [0.05, 0.1, 0.2], recipe: smoothing },
    'smaller model': { grid: [8, 16, 32], recipe: sized },
    'larger model': { grid: [96, 128, 192], recipe: sized },
  }
const more = await compare(
  Object.entries(leftOut).flatMap(([arm, { grid, recipe }]) =>
    grid.map((value) => ({ name: `${arm} ${value}`, ...recipe(value) })),
  ),
  { ...budget, seeds: seeds, data: (seed) => data.get(seed)! },
)
records(
  Object.entries(leftOut).map(([arm, { grid }]) => {
    const picked = seeds.map((_, k) => {
      const all = grid.map((value) => ({ value, run: more.of(`${arm} ${value}`)[k] }))
      return all.reduce((best, one) => (kept(one.run) < kept(best.run) ? one : best))
    })
    const points = picked.map(
      ({ run }, k) => 100 * (run.test!.metrics.accuracy - testOf('none')[k].metrics.accuracy),
    )
    const loss = picked.map(({ run }, k) => run.test!.loss - testOf('none')[k].loss)
    return {
      arm,
      chosen: picked.map(({ value }) => value).join(', '),
      'difference to none (points)': pm(points, 2),
      'on test accuracy it': verdictOf(points),
      'difference of test loss': pm(loss, 3),
      'on test loss it': verdictOf(loss.map((difference) => -difference)),
    }
  }),
  { caption: 'Two more remedies, and the opposite of one; differences to none, seed by seed' },
)

// %% [markdown]
// Look at the signs, and at the verdicts. A network of 64 units learns these 200 digits by heart; that fewer units make it better on others is a rule of thumb like the rest, and this table is its test. For label smoothing look at what was chosen, out of 0.05, 0.1 and 0.2: the choice goes
// by a loss that punishes right answers that are unsure, and unsure is what smoothing makes them. Whoever wants right answers, not sure ones, should choose by accuracy.
//
// ## Your turn: the table
//
// Write `regularizerTable(runs)`: from the histories of a contest to its table. It gets a list of runs **in any order**, each
//
// - `arm`, `strength`, `seed`: which run it was;
// - `validationLoss`: the loss after each epoch; `keepsBest`: whether the weights of the best epoch were kept (otherwise those of the last);
// - `steps`: how many it used; `test`: its accuracy on the test set.
//
// Return a row for each arm, in the order in which the arms first appear:
//
// - for each seed, the strength whose kept weights have the lowest validation loss is chosen (never by `test`; no two are equal);
// - `accuracy` and `accuracySd`: mean and standard deviation of `test` over the chosen runs; `steps`: the mean of their steps;
// - `difference` and `differenceSd`: mean and standard deviation of the differences to the arm `none`, seed by seed (0 and 0 for `none`).
//
// Standard deviations divide by n − 1. Every arm has the same seeds, two at least. Numbers are compared to 10⁻⁹.

// %% exercise=regularizer-table
interface RegularizerRun {
  arm: string
  strength: number
  seed: number
  validationLoss: number[]
  keepsBest: boolean
  steps: number
  test: number
}
interface ArmRow {
  arm: string
  accuracy: number
  accuracySd: number
  difference: number
  differenceSd: number
  steps: number
}

function regularizerTable(runs: RegularizerRun[]): ArmRow[] {
  // BEGIN SOLUTION
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const sd = (values: number[]) => {
    const middle = mean(values)
    const squares = values.map((value) => (value - middle) ** 2)
    return Math.sqrt(squares.reduce((a, b) => a + b, 0) / (values.length - 1))
  }
  const score = ({ keepsBest, validationLoss }: RegularizerRun) =>
    keepsBest ? Math.min(...validationLoss) : validationLoss[validationLoss.length - 1]
  const allSeeds = [...new Set(runs.map(({ seed }) => seed))]
  const pick = (arm: string) =>
    allSeeds.map((seed) => {
      const tried = runs.filter((run) => run.arm === arm && run.seed === seed)
      return tried.reduce((best, run) => (score(run) < score(best) ? run : best))
    })
  const base = pick('none')
  return [...new Set(runs.map(({ arm }) => arm))].map((arm) => {
    const best = pick(arm)
    const tests = best.map(({ test }) => test)
    const differences = tests.map((test, k) => test - base[k].test)
    return {
      arm,
      accuracy: mean(tests),
      accuracySd: sd(tests),
      difference: mean(differences),
      differenceSd: sd(differences),
      steps: mean(best.map(({ steps }) => steps)),
    }
  })
  // END SOLUTION
}

// %% check=regularizer-table
await check('regularizer-table', regularizerTable)

// %% [markdown]
// ## Your turn: the winner for the note
//
// A **training-recipe note** ends each experiment: what was the symptom, what was changed, which curve moved, what comes next. Its most tempting line is the winner. Write `winner(table)`, where `table` is what your function returns: the arm
// with the largest `difference` among those whose difference is more than twice its `differenceSd`; if there is none, the text `no difference`. The arm `none` cannot win.

// %% exercise=regularizer-winner
function winner(table: ArmRow[]): string {
  // BEGIN SOLUTION
  const better = table.filter(
    ({ arm, difference, differenceSd }) => arm !== 'none' && difference > 2 * differenceSd,
  )
  if (better.length === 0) return 'no difference'
  return better.reduce((best, row) => (row.difference > best.difference ? row : best)).arm
  // END SOLUTION
}

// %% check=regularizer-winner
await check('regularizer-winner', { regularizerTable: regularizerTable, winner: winner })

// %% [markdown]
// ## Your note
//
// Here your two functions judge the contest of this page (until they are written, the cell says so). Fill in the other lines from the figures above, in a few words each.

// %% id=note
const note = {
  symptom: 'training loss far below validation loss',
  'changed first': '…',
  'which curve moved': '…',
  'next move (optimization, data or model)': '…',
}

const flat: RegularizerRun[] = [...contest.runs].map(({ recipe, seed, history, test }) => {
  const arm = Object.keys(chosen).find((name) => recipe.startsWith(name))!
  return {
    arm,
    strength: arm === 'none' ? lr : Number(recipe.slice(arm.length)),
    seed,
    validationLoss: history.column('validationLoss'),
    keepsBest: arm === 'early stopping',
    steps: history.last.step,
    test: test!.metrics.accuracy,
  }
})
let yours = 'write regularizerTable and winner first'
try {
  yours = winner(regularizerTable(flat))
} catch {
  // The exercise is not done yet.
}
records([{ ...note, winner: yours, seeds: seeds.length }], { caption: 'Training-recipe note' })

// %% [markdown]
// ## True or false?
//
// Decide, write `true` or `false` for each, and run both cells: where a cell above can answer, it does.
//
// 1. A network whose training loss is far below its validation loss gets better on new data by any regularizer.
// 2. With six arms and five seeds, the arm with the best mean has nearly always won by more than luck.
// 3. It is fair to choose each strength by the test accuracy, as long as all arms may.
// 4. Early stopping saves steps.
// 5. A higher training loss is a sign that a regularizer harms.

// %% id=quiz
const answers = [true, true, true, true, true]

// %% id=quiz-answers
const meanOf = (values: number[]) => spreadOf(values).mean
const trainLossOf = (arm: string) =>
  meanOf(chosen[arm].map(({ run }) => run.history.last.trainLoss))
const stepsOf = (arm: string) => meanOf(chosen[arm].map(({ run }) => run.history.last.step))
const lifted = others.filter((arm) => trainLossOf(arm) > trainLossOf('none'))
const hurt = lifted.filter((arm) => [onAccuracy(arm), onLoss(arm)].includes('hurts'))
const best = (runs: ComparedRun[]) => Math.max(...runs.map(({ test }) => test!.metrics.accuracy))
const byTest = spreadOf(
  seeds.flatMap((_, k) =>
    Object.entries(arms).map(
      ([arm, { grid }]) =>
        best(grid.map((strength) => contest.of(`${arm} ${strength}`)[k])) -
        testOf(arm)[k].metrics.accuracy,
    ),
  ),
).mean
const facts = [
  {
    is: others.every((arm) => onAccuracy(arm) === 'helps'),
    because: `the verdicts: ${others.filter((arm) => onAccuracy(arm) === 'helps').length} of ${others.length} arms helped the accuracy, ${others.filter((arm) => onLoss(arm) === 'helps').length} the loss`,
  },
  {
    is: alarms['the mean difference is above 0'] < 0.1 * rounds,
    because: `of the contests of pure luck ${((100 * alarms['the mean difference is above 0']) / rounds).toFixed(0)} % had a "winner" by the mean`,
  },
  {
    is: byTest <= 0,
    because: `chosen by the test set, an arm would look better by ${(100 * byTest).toFixed(2)} points on average, with the same networks; and none could not choose as often`,
  },
  {
    is: stepsOf('early stopping') < stepsOf('none'),
    because: `the column "steps used": ${stepsOf('early stopping').toFixed(0)} on average instead of ${stepsOf('none').toFixed(0)}`,
  },
  {
    is: lifted.length > 0 && hurt.length === lifted.length,
    because: `${lifted.length} of ${others.length} arms end with a higher training loss than none; ${hurt.length} of these hurt on the test set`,
  },
]
quiz(answers, facts)

// %% [markdown]
// ## What this contest cannot say
//
// It is about one small network on 200 pictures, trained for one budget. Dropout and batch norm were made for far larger networks; decay acts slowly (lesson 06), and a longer run gives it more time. The learning rate was tuned for `none` alone. And a cheaper remedy was left out on
// purpose: more data, when it can be had, and data augmentation (lesson 09).
//
// ## To keep
//
// - **Symptom:** the training loss goes on falling, the validation loss does not. **Look at** both losses, the metric and the learning rate in one figure.
// - **First move:** early stopping, since it costs nothing; then one regularizer, its strength from a grid on validation. **Which curve should move:** the validation loss, down. If only the training loss moves, up, the strength is too high.
// - **Before you say "it helps":** five seeds, paired differences, mean ± sd, and the number of things you tried.
// - **Next move:** if nothing counts, the next gain is in the data or the model, not in another regularizer.
// - **Read next:** Srivastava and others, _Dropout_ (2014); Ioffe and Szegedy, _Batch Normalization_ (2015); Prechelt, _Early Stopping – But When?_ (1998); Bouthillier and others, _Accounting for Variance in Machine
//   Learning Benchmarks_ (2021), on seeds and splits; Dodge and others, _Show Your Work_ (2019), on the number of trials.
//
// **On to [lesson 09](09-init-precision-augmentation.ipynb):** what is decided before the first step.
//
// [All lessons](00-start-here.ipynb) · [Glossary](glossary.ipynb)
