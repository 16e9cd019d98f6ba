// %% [markdown]
// # Which learning rate? And a comparison that is fair
//
// **The question.** You change the optimizer, and the loss is lower. Was it the optimizer? Or did the new one merely get along better with the learning
// rate that happened to stand there?
//
// You will let four optimizers train one network on handwritten digits, first in ways that can prove anything, then in a way that is fair. You will find a
// learning rate with a single short run, see whether it can be trusted, and write the tools: a _sweep_ of rates (one after the other), the choice of one, and a judge for comparisons. About 30
// minutes. You should know momentum and Adam (lessons 04 and 05).

// %%
import {
  accuracy,
  adam,
  adamw,
  check,
  compare,
  counts,
  digits,
  findLearningRate,
  fit,
  fourOptimizers,
  initialize,
  linear,
  lines,
  lint,
  lion,
  misconceptions,
  nadam,
  panels,
  quiz,
  records,
  relu,
  rmsprop,
  sequential,
  sgd,
  sliders,
  split,
  spreadOf,
  standardize,
  type Tensor,
  type TunedWalk,
} from 'downhill'

// %% [markdown]
// ## What stays the same
//
// A comparison of optimizers changes **one** thing, the optimizer. All else stays: the network, its first weights, the data, the order of the batches, the number of
// steps. Here that is a network with 32 hidden units, 300 digits to train on, 400 to choose with (the _validation_ set), and the rest to judge with (the _test_ set).
// Everything is done five times with other _seeds_: a seed decides the split, the first weights and the order. How far results scatter over the seeds tells which differences
// mean something.

// %% id=setup
const seeds = [1, 2, 3, 4, 5]
const all = await digits()
const parts = new Map(
  seeds.map((seed) => {
    const { train, validation, test } = split(all, { train: 300, validation: 400, seed: seed })
    const [a, b, c] = standardize(train, validation, test).sets
    return [seed, { train: a, validation: b, test: c }]
  }),
)
const partsOf = (seed: number) => parts.get(seed) ?? { train: all, validation: all, test: all }
const network = (seed: number) => {
  const model = sequential(linear(64, 32), relu(), linear(32, 10))
  initialize(model, { seed: seed })
  return model
}
const makers = {
  SGD: (params: Tensor[], lr: number) => sgd(params, { lr: lr }),
  momentum: (params: Tensor[], lr: number) => sgd(params, { lr: lr, momentum: 0.9 }),
  RMSprop: (params: Tensor[], lr: number) => rmsprop(params, { lr: lr }),
  Adam: (params: Tensor[], lr: number) => adam(params, { lr: lr }),
}
type Name = keyof typeof makers
const names = Object.keys(makers) as Name[]

// %% [markdown]
// ## Guess before you run
//
// The four get **the same** learning rate, four times: 0.001, 0.01, 0.1 and 1. Who has the lowest validation loss each time? Then each gets the rate that suits it best. By how many
// times is the best rate of plain SGD larger than that of Adam?

// %% id=guess
const guess: Record<string, Name> = {
  '0.001': 'Adam',
  '0.01': 'Adam',
  '0.1': 'Adam',
  '1': 'Adam',
}
const guessedRatio = 1

// %% [markdown]
// ## Every rate, for everyone
//
// Nine rates, from 0.0003 to 3 in steps of about three, each for four optimizers and five seeds: 180 short runs of six epochs. This cell takes some ten seconds.

// %% id=grid
const rates = [3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3]
const grid = await compare(
  names.flatMap((name) =>
    rates.map((lr) => ({
      name: `${name} ${lr}`,
      model: network,
      optimizer: (params: Tensor[]) => makers[name](params, lr),
    })),
  ),
  {
    seeds: seeds,
    data: (seed) => ({ train: partsOf(seed).train, validation: partsOf(seed).validation }),
    epochs: 6,
    metrics: { accuracy: accuracy },
    column: 'validationLoss',
    progress: false,
  },
)
/** The validation loss after the last epoch, for each seed; infinite where a run broke off. */
const losses = (name: string, lr: number): number[] =>
  grid.of(`${name} ${lr}`).map(({ history }) => {
    const loss = history.stopped?.why === 'nonFinite' ? undefined : history.last.validationLoss
    return loss ?? Number.POSITIVE_INFINITY
  })
const meanOf = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length
const sdOf = (values: number[]) => {
  const mean = meanOf(values)
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1))
}
const pm = (values: number[]) =>
  meanOf(values) < 100 ? `${meanOf(values).toFixed(3)} ± ${sdOf(values).toFixed(3)}` : 'above 100'

/** Above this the curve is left out: who is there has not learned anything. */
const top = 4
const shown = (x: number) => (x <= top ? x : Number.NaN)
lines({
  title: 'Six epochs with each rate: mean ± sd, 5 seeds (above 4 left out)',
  xTitle: 'learning rate',
  yTitle: 'validation loss (nats)',
  logX: true,
  series: names.map((name) => {
    const found = rates.map((lr) => losses(name, lr))
    return {
      name: name,
      x: rates,
      y: found.map((values) => shown(meanOf(values))),
      markers: true,
      band: {
        low: found.map((values) => shown(meanOf(values) - sdOf(values))),
        high: found.map((values) => shown(meanOf(values) + sdOf(values))),
      },
    }
  }),
  alt: 'Four curves of validation loss against the learning rate, one for each optimizer, in bands of one standard deviation.',
})

// %% [markdown]
// Four valleys; a curve that ends before the last rate goes on above 4, or broke off. Compare their floors, and then the **places** where they lie: which differ more? To draw one vertical line through the figure, and to call whoever is lowest there the better optimizer, is
// the first way to fool oneself.
//
// ## First unfair way: the same rate for all

// %% id=same-rate
const winnerAt = (lr: number): Name =>
  names.reduce((best, name) => (meanOf(losses(name, lr)) < meanOf(losses(best, lr)) ? name : best))
const shared = [0.001, 0.01, 0.1, 1]
records(
  shared.map((lr) => ({
    'one rate for all': String(lr),
    'your guess': guess[String(lr)] ?? '',
    'lowest loss': winnerAt(lr),
    ...Object.fromEntries(names.map((name) => [name, pm(losses(name, lr))])),
  })),
  { caption: 'Validation loss after six epochs, mean ± sd over 5 seeds' },
)

// %% [markdown]
// Read the third column from top to bottom. Whoever may choose the shared rate may choose the winner. "Both were trained with the same learning rate" sounds careful, and is the opposite: a rate
// has another meaning in each rule. In SGD it multiplies the gradient; in Adam and RMSprop the gradient was divided by its own size before, so that the rate is about the length of a
// step. **The same number is not the same setting.** Two warnings follow, which the table lets you see: Adam with 0.1 or more is lost, for its steps are that long, and SGD with 0.001 or less hardly moves (guessing among ten digits has
// the loss ln 10 ≈ 2.303).
//
// Move the shared rate yourself. Below, the four train anew at each position, with the first of our seeds: let each of them lead once. (Without JupyterLab the picture of
// the first position is what you see.)

// %% id=sliders
async function walkOf(name: Name, lr: number): Promise<number[]> {
  const model = network(1)
  const { train, validation } = partsOf(1)
  const history = await fit(model, {
    train,
    validation,
    optimizer: makers[name](model.parameters(), lr),
    epochs: 6,
    seed: 1,
    progress: false,
  })
  return history.column('validationLoss').map(shown)
}
await sliders(
  { lr: { min: 0.001, max: 1, value: 0.01, log: true, label: 'learning rate of all four' } },
  async ({ lr }) => {
    const series = []
    for (const name of names) {
      const y = await walkOf(name, lr)
      series.push({ name: name, x: y.map((_, k) => k + 1), y: y, markers: true })
    }
    return lines({
      title: `All four with the learning rate ${lr} (above 4 left out)`,
      alt: 'Validation loss over six epochs at one shared rate, a line for each of the four optimizers; who is lowest depends on the rate.',
      xTitle: 'epoch',
      yTitle: 'validation loss (nats)',
      series: series,
    })
  },
)

// %% [markdown]
// ## Each with its own rate
//
// So each optimizer gets the rate with its own lowest mean validation loss. One thing must be looked at: the best rate may not be the first or last of its grid. There the
// valley may go on, and the grid has to be extended on that side.

// %% id=tuned
const bestRate = (name: string): number =>
  rates.reduce((best, lr) => (meanOf(losses(name, lr)) < meanOf(losses(name, best)) ? lr : best))
const ratio = bestRate('SGD') / bestRate('Adam')
const usual: Record<string, string> = {
  SGD: '0.01 … 0.1',
  momentum: '0.01 … 0.1',
  RMSprop: '0.0001 … 0.001',
  Adam: '0.0001 … 0.003',
}
records(
  names.map((name) => ({
    optimizer: name,
    'best rate here': String(bestRate(name)),
    'at an end of the grid': [rates[0], rates.at(-1)].includes(bestRate(name)),
    'people start at': usual[name],
    'its loss': pm(losses(name, bestRate(name))),
  })),
  {
    caption: `Best of nine rates each. SGD's is ${Number(ratio.toPrecision(2))} times Adam's; your guess: ${guessedRatio}`,
  },
)

// %% [markdown]
// "SGD wants 10 to 100 times the rate of Adam" is a rule of thumb that you have now measured on one task. The column of usual starts is a rule of thumb too: it comes from
// large networks and long runs. A small network and sixty steps mostly want more. For others: Adagrad 0.01; AdamW as Adam, transformers 0.0001 … 0.0005. Of those of lesson 14: LAMB 0.001; LARS large, since it scales each layer's step
// itself; Lookahead what its inner optimizer has. All of them are places to **start** a search, no results. A recipe that names one rate and no range that was tried has not been tuned.
//
// ## Second unfair way: tune only your own
//
// The favourite gets nine tries, the other one gets the default that stands in the library. Differences are taken seed by seed, so that what the seed does to both cancels:
// Adam's loss minus SGD's.

// %% id=tune-one
const difference = (adamRate: number, sgdRate: number) =>
  losses('Adam', adamRate).map((loss, k) => loss - losses('SGD', sgdRate)[k])
const says = (values: number[]) =>
  !counts(spreadOf(values))
    ? 'no difference seen'
    : meanOf(values) < 0
      ? 'Adam is better'
      : 'SGD is better'
const bouts = [
  { who: 'only Adam tuned, SGD at its default', adam: bestRate('Adam'), sgd: 0.01 },
  { who: 'only SGD tuned, Adam at its default', adam: 0.001, sgd: bestRate('SGD') },
  { who: 'both at their defaults', adam: 0.001, sgd: 0.01 },
  { who: 'both tuned', adam: bestRate('Adam'), sgd: bestRate('SGD') },
].map((bout) => ({ ...bout, found: difference(bout.adam, bout.sgd) }))
records(
  bouts.map(({ who, adam: adamRate, sgd: sgdRate, found }) => ({
    comparison: who,
    'rate of Adam': String(adamRate),
    'rate of SGD': String(sgdRate),
    'Adam − SGD': pm(found),
    'what one would report': says(found),
  })),
  { caption: 'Four comparisons of the same two optimizers, 5 seeds' },
)

// %% [markdown]
// Do the first two rows agree? Compare their differences with their standard deviations, too: many seeds do not mend an unfair set-up, they only make it look sure of itself. Only the last row gave both the
// same care. So before you blame an optimizer, tune its rate; before you praise one, tune the other's.
//
// The library's linter reads a recipe as plain data and knows these habits. Here it is given the first row of the table, and a recipe of somebody who wants another optimizer next:

// %% id=lint
const recipes = {
  'tuned against untuned': lint({
    compared: [
      { optimizer: 'sgd', lr: 0.01, lrTuned: false },
      { optimizer: 'adam', lr: bestRate('Adam'), lrTuned: true },
    ],
  }),
  'another optimizer next': lint({
    optimizer: 'adam',
    lr: 0.1,
    batchSize: 32,
    usedFor: ['cnn', 'rnn', 'transformer'],
    nextChange: 'optimizer',
  }),
}
records(
  Object.entries(recipes).flatMap(([recipe, { rows }]) =>
    rows.map(({ severity, code, found, fix }) => ({ recipe, severity, code, found, fix })),
  ),
  { caption: 'What the linter finds' },
)

// %% [markdown]
// ## Third unfair way: one seed
//
// The worked example of the library, `fourOptimizers`, gives each of the four the best rate of its own grid and then trains on. It is fair in all but one point: it has **one** seed. Here is
// what it shows with the first of our seeds, for 300 digits and ten epochs.

// %% id=four
const walks: TunedWalk[][] = []
for (const seed of seeds)
  walks.push(await fourOptimizers({ rows: 300, epochs: 10, batch: 16, seed: seed }))
const side = (title: string, column: 'train' | 'validation') =>
  lines({
    title: title,
    alt: `${title} of one seed over ten epochs, a line for each of the four optimizers.`,
    xTitle: 'epoch',
    yTitle: 'loss (nats)',
    logY: true,
    series: walks[0].map((walk) => ({
      name: `${walk.name}, ${walk.lr}`,
      x: walk[column].map((_, k) => k + 1),
      y: walk[column],
    })),
  })
panels([side('Training loss', 'train'), side('Validation loss', 'validation')], {
  title: 'Four optimizers, each with its own rate, one seed',
  same: 'y',
})

// %% [markdown]
// One could now give out medals. Before that, look at who would have got them with the other seeds:

// %% id=medals
const endOf = (k: number, name: string) =>
  walks[k].find((walk) => walk.name === name)?.validation.at(-1) ?? Number.NaN
const four = walks[0].map(({ name }) => name)
const firsts = seeds.map((_, k) =>
  four.reduce((best, name) => (endOf(k, name) < endOf(k, best) ? name : best)),
)
records(
  seeds.map((seed, k) => ({
    seed: String(seed),
    first: firsts[k],
    ...Object.fromEntries(four.map((name) => [name, endOf(k, name)])),
  })),
  {
    digits: 3,
    caption: `Validation loss after ten epochs: ${new Set(firsts).size} different winners in ${seeds.length} seeds`,
  },
)

// %% [markdown]
// So: many seeds, each optimizer with its own rate, and a judgement on data that had no say in the choice of the rates. Our four once more, with the best rates of the grid, for fifteen epochs, judged
// on the test set:

// %% id=final
const final = await compare(
  names.map((name) => ({
    name: name,
    model: network,
    optimizer: (params: Tensor[]) => makers[name](params, bestRate(name)),
  })),
  {
    seeds: seeds,
    data: partsOf,
    epochs: 15,
    metrics: { accuracy: accuracy },
    progress: false,
  },
)
final.plot({
  title: 'Each with its own rate, 5 seeds: mean ± sd',
  alt: 'Losses, accuracy and learning rate over fifteen epochs, a line and a band of one standard deviation for each of the four optimizers.',
})

// %% id=final-table
const spread = ({ mean, sd }: { mean: number; sd: number }) =>
  `${(100 * mean).toFixed(1)} ± ${(100 * sd).toFixed(1)}`
records(
  final.rows.map(({ recipe, test, difference: toFirst }) => ({
    optimizer: recipe,
    rate: String(bestRate(recipe)),
    'test accuracy (%)': test ? spread(test) : '',
    'minus SGD (points)': toFirst ? spread(toFirst) : '',
    counts: !toFirst ? '' : counts(toFirst) ? 'yes' : 'no',
  })),
  { caption: 'On the test set; differences seed by seed' },
)

// %% [markdown]
// Look at the last two columns before you say "better": `counts` is the rule of lesson 06, here more than twice the standard deviation. Then look at the figure of all rates once more:
// between a good and a bad **rate** lies many times what is left between the optimizers. It is no law that they always end level; on other tasks they differ. But only this kind of table can show it.
// (One flaw is left: the rates were chosen for six epochs, and fifteen might prefer others.)
//
// ## A rate from one short run
//
// Nine rates and five seeds are a luxury. The _range test_ (or learning-rate finder) is the cheap way: **one** run, in which the rate grows from step to step by the same factor, from far too small to
// far too large. The loss first stands still, then falls, then explodes. For n steps from a to b:
//
// $$\alpha_k = a\,\left(\frac{b}{a}\right)^{k/(n-1)} \qquad k = 0, \dots, n-1$$
//
// Losses of single batches jump, so they are smoothed by an average that forgets, as Adam's m does, with the same correction for its start at 0 (ℓₖ is the loss of batch k):
//
// $$s_k = \frac{m_k}{1-\beta^{k+1}} \qquad m_k = \beta\,m_{k-1} + (1-\beta)\,\ell_k$$
//
// `findLearningRate` does this, stops when the smoothed loss is four times its smallest, and puts the weights back. It marks two suggestions: where the smoothed loss falls **most steeply**, and **a tenth** of the
// rate where it is smallest. The figure draws the best rate of our grid beside the curves, as a vertical line.

// %% id=finder
const searches = []
for (const name of names) {
  const model = network(1)
  const search = await findLearningRate(model, {
    train: partsOf(1).train,
    optimizer: makers[name](model.parameters(), 0.001),
    from: 1e-5,
    to: 10,
    progress: false,
  })
  searches.push({ name: name, search: search })
}
const sweepOf = (name: Name, rows: readonly { lr: number; loss: number; smoothed: number }[]) =>
  lines({
    title: name,
    alt: `${name}: as the rate grows the loss stands still, falls, and then explodes. The best rate of the grid is a vertical line.`,
    xTitle: 'learning rate',
    yTitle: 'loss (nats)',
    logX: true,
    series: [
      {
        name: 'smoothed loss',
        x: rows.map(({ lr }) => lr),
        y: rows.map(({ smoothed }) => shown(smoothed)),
      },
      {
        name: 'loss of the batch',
        x: rows.map(({ lr }) => lr),
        y: rows.map(({ loss }) => shown(loss)),
        dash: 'dot' as const,
      },
      {
        name: 'best of the grid',
        x: [bestRate(name), bestRate(name)],
        y: [0, 2.5],
        dash: 'dash' as const,
      },
    ],
  })
panels(
  searches.map(({ name, search }) => sweepOf(name, search.rows)),
  { title: 'One range test for each optimizer (above 4 left out)', same: 'both' },
)

// %% [markdown]
// ## Why before the minimum?
//
// It is tempting to take the rate where the curve is lowest. But there the run is already about to explode, and the loss is low thanks to the smaller rates that came before. The table trains with
// three choices: the rate at the minimum, a tenth of it, and the steepest place. Five seeds each; the grid's best is for comparison. It was tuned with 45 runs for each optimizer, the range test with one.

// %% id=choices
const kinds = ['steepest', 'minimum / 10', 'minimum'] as const
const chosen = searches.flatMap(({ name, search }) => [
  { name: name, kind: kinds[0], lr: search.steepest },
  { name: name, kind: kinds[1], lr: search.minimumOverTen },
  { name: name, kind: kinds[2], lr: 10 * search.minimumOverTen },
])
const trials = await compare(
  chosen.map(({ name, kind, lr }) => ({
    name: `${name}, ${kind}`,
    model: network,
    optimizer: (params: Tensor[]) => makers[name](params, lr),
  })),
  {
    seeds: seeds,
    data: (seed) => ({ train: partsOf(seed).train, validation: partsOf(seed).validation }),
    epochs: 6,
    progress: false,
  },
)
const trialLosses = (name: Name, kind: (typeof kinds)[number]) =>
  trials
    .of(`${name}, ${kind}`)
    .map(({ history }) => history.last.validationLoss ?? Number.POSITIVE_INFINITY)
const rateOf = (name: Name, kind: (typeof kinds)[number]) =>
  chosen.find((one) => one.name === name && one.kind === kind)?.lr ?? Number.NaN
records(
  names.flatMap((name) => [
    ...kinds.map((kind) => ({
      optimizer: name,
      choice: kind as string,
      rate: rateOf(name, kind).toPrecision(2),
      'validation loss': pm(trialLosses(name, kind)),
    })),
    {
      optimizer: name,
      choice: 'best of the grid',
      rate: String(bestRate(name)),
      'validation loss': pm(losses(name, bestRate(name))),
    },
  ]),
  { caption: 'Six epochs with the rates that the range test speaks for, 5 seeds' },
)

// %% id=rules
records(
  kinds.map((kind) => ({
    choice: kind,
    'times the best rate of the grid': names
      .map((name) => (rateOf(name, kind) / bestRate(name)).toPrecision(2))
      .join(', '),
    'mean loss, relative to the best rate': names
      .map((name) =>
        (meanOf(trialLosses(name, kind)) / meanOf(losses(name, bestRate(name)))).toPrecision(2),
      )
      .join(', '),
  })),
  { caption: `In the order ${names.join(', ')}` },
)

// %% [markdown]
// Which choice is the worst in each block? And is one of the two others right everywhere? They are places to start, and a run with a third and with three times the rate tells more.
// The test was short and saw fresh weights only; a schedule with warmup (lesson 03) can bear a larger peak than a constant rate can.
//
// ## Your turn: the sweep
//
// Write `sweepRates(from, to, steps)`: the list of learning rates of a range test. It has `steps` numbers (at least 2); the first is `from`, the last is `to`, and each is the one before
// times the same factor. Numbers are compared to 10⁻⁹.

// %% exercise=lr-sweep
function sweepRates(from: number, to: number, steps: number): number[] {
  // BEGIN SOLUTION
  return Array.from({ length: steps }, (_, k) => from * (to / from) ** (k / (steps - 1)))
  // END SOLUTION
}

// %% check=lr-sweep
await check('lr-sweep', sweepRates)

// %% [markdown]
// ## Your turn: the choice
//
// Write `pickRate(rates, losses, beta)`. `rates` rise by the same factor from one to the next, `losses` are those of the batches, `beta` is β. Return `{ smoothed, minimumOverTen, steepest }`:
//
// - `smoothed`: the list of s₀, s₁, … of the formula above;
// - `minimumOverTen`: the rate where `smoothed` is smallest, divided by 10;
// - `steepest`: the rate number k for which smoothed[k + 1] − smoothed[k − 1] is smallest (most negative). Both neighbours must exist, and k + 1 may be the place of the minimum but not lie beyond it.
//
// A test that exploded ends in losses that are `Infinity` or `NaN`. Neither choice may be spoiled by them; what `smoothed` holds from there on does not matter. Numbers are compared to 10⁻⁹.

// %% exercise=lr-pick
interface Picked {
  smoothed: number[]
  minimumOverTen: number
  steepest: number
}

function pickRate(rates: number[], losses: number[], beta: number): Picked {
  // BEGIN SOLUTION
  let m = 0
  const smoothed = losses.map((loss, k) => {
    m = beta * m + (1 - beta) * loss
    return m / (1 - beta ** (k + 1))
  })
  let least = 0
  smoothed.forEach((s, k) => {
    if (s < smoothed[least]) least = k
  })
  const fall = (k: number) => smoothed[k + 1] - smoothed[k - 1]
  let steepest = 1
  for (let k = 2; k + 1 <= least; k++) if (fall(k) < fall(steepest)) steepest = k
  return { smoothed, minimumOverTen: rates[least] / 10, steepest: rates[steepest] }
  // END SOLUTION
}

// %% check=lr-pick
await check('lr-pick', pickRate)

// %% [markdown]
// ## Your experiment: change one thing
//
// Now compare two optimizers yourself. The network stays, the baseline is momentum. Choose a challenger and the rates that it may try; both lists must be of the same length, since more tries are an
// advantage. (The baseline's rates are up to you as well.)

// %% id=experiment
const challengers = {
  Nesterov: (params: Tensor[], lr: number) =>
    sgd(params, { lr: lr, momentum: 0.9, nesterov: true }),
  AdamW: (params: Tensor[], lr: number) => adamw(params, { lr: lr }),
  Nadam: (params: Tensor[], lr: number) => nadam(params, { lr: lr }),
  Lion: (params: Tensor[], lr: number) => lion(params, { lr: lr }),
}
const challenger: keyof typeof challengers = 'Nesterov'
const baselineRates = [0.003, 0.01, 0.03, 0.1, 0.3]
const challengerRates = [0.003, 0.01, 0.03, 0.1, 0.3]

const tried = [
  ...baselineRates.map((lr) => ({ optimizer: 'momentum', lr: lr, make: makers.momentum })),
  ...challengerRates.map((lr) => ({
    optimizer: challenger as string,
    lr: lr,
    make: challengers[challenger],
  })),
]
const duel = await compare(
  tried.map(({ optimizer, lr, make }) => ({
    name: `${optimizer} ${lr}`,
    model: network,
    optimizer: (params: Tensor[]) => make(params, lr),
  })),
  {
    seeds: seeds,
    data: (seed) => ({ train: partsOf(seed).train, validation: partsOf(seed).validation }),
    epochs: 6,
    progress: false,
  },
)
const runs = tried.flatMap(({ optimizer, lr }) =>
  duel.of(`${optimizer} ${lr}`).map(({ seed, history }) => ({
    optimizer: optimizer,
    lr: lr,
    seed: seed,
    loss: history.last.validationLoss ?? Number.NaN,
  })),
)
records(
  tried.map(({ optimizer, lr }) => ({
    optimizer: optimizer,
    rate: String(lr),
    'validation loss': pm(
      runs.filter((run) => run.optimizer === optimizer && run.lr === lr).map(({ loss }) => loss),
    ),
  })),
  { caption: 'Your experiment: mean ± sd over 5 seeds' },
)

// %% [markdown]
// ## Your turn: the judge
//
// Write `fairComparison(runs, baseline, challenger)`. `runs` is a list of `{ optimizer, lr, seed, loss }`, in any order: each of the two optimizers ran with each rate of its own grid and with
// each seed. (There may be runs of others.) Return `{ rates, atEdge, mean, sd, verdict }`:
//
// - `rates`: `[baseline's, challenger's]`, for each the rate with the smallest **mean** loss over the seeds. A rate with a loss that is `NaN` or infinite for any seed is out;
// - `atEdge`: for each, whether that is the smallest or the largest of all rates that it ran with, those that are out included;
// - `mean` and `sd` of the differences challenger − baseline, **seed by seed**, both at their own rate. sd is that of a sample: divide by n − 1;
// - `verdict`: `'no difference'` if |mean| ≤ 2·sd (the rule of lesson 06 for five seeds; take it for any number), else `'better'` or `'worse'`: the challenger's loss is lower or higher.
//
// Numbers are compared to 10⁻⁹.

// %% exercise=fair-comparison
interface Run {
  optimizer: string
  lr: number
  seed: number
  loss: number
}
interface Judged {
  rates: number[]
  atEdge: boolean[]
  mean: number
  sd: number
  verdict: 'better' | 'worse' | 'no difference'
}

function fairComparison(runs: Run[], baseline: string, challenger: string): Judged {
  // BEGIN SOLUTION
  const average = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length
  const tune = (optimizer: string) => {
    const own = runs.filter((run) => run.optimizer === optimizer)
    const grid = [...new Set(own.map(({ lr }) => lr))]
    const lossOf = (lr: number) => {
      const mean = average(own.filter((run) => run.lr === lr).map(({ loss }) => loss))
      return Number.isFinite(mean) ? mean : Number.POSITIVE_INFINITY
    }
    const lr = grid.reduce((best, rate) => (lossOf(rate) < lossOf(best) ? rate : best))
    const edge = lr === Math.min(...grid) || lr === Math.max(...grid)
    return { lr, edge, own: own.filter((run) => run.lr === lr) }
  }
  const [a, b] = [tune(baseline), tune(challenger)]
  const gaps = b.own.map(({ seed, loss }) => {
    const same = a.own.find((run) => run.seed === seed)
    return loss - (same?.loss ?? Number.NaN)
  })
  const mean = average(gaps)
  const sd = Math.sqrt(gaps.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (gaps.length - 1))
  const verdict = Math.abs(mean) <= 2 * sd ? 'no difference' : mean < 0 ? 'better' : 'worse'
  return { rates: [a.lr, b.lr], atEdge: [a.edge, b.edge], mean, sd, verdict }
  // END SOLUTION
}

// %% check=fair-comparison
await check('fair-comparison', fairComparison)

// %% [markdown]
// What does your judge say about your experiment? If `at an end` is true for one of them, extend its list of rates (and give the other one a rate more, too) and run the experiment again.

// %% id=verdict
function judged() {
  try {
    const { rates, atEdge, mean, sd, verdict } = fairComparison(runs, 'momentum', challenger)
    return records(
      [
        {
          challenger: challenger,
          'its rate': String(rates[1]),
          'at an end': atEdge[1],
          'rate of momentum': String(rates[0]),
          'at an end, momentum': atEdge[0],
          difference: `${mean.toFixed(3)} ± ${sd.toFixed(3)}`,
          verdict: verdict,
        },
      ],
      { caption: 'Validation loss, challenger − momentum, seed by seed' },
    )
  } catch {
    return 'Write fairComparison first; then run this cell again.'
  }
}
judged()

// %% [markdown]
// A loss on the validation set that also chose the rates flatters both a little; for a claim that you publish, judge on a test set, as above.
//
// ## True or false?
//
// Decide, write `true` or `false` for each, and run both cells.
//
// 1. Two optimizers with the same learning rate are compared fairly.
// 2. If a difference is far beyond its standard deviation over the seeds, the better optimizer has been found.
// 3. The best rate of plain SGD here is more than ten times Adam's.
// 4. The rate at the minimum of a range test is the one to take.
// 5. SGD is outdated: here a tuned Adam beats a tuned SGD by more than the seeds make it vary.
// 6. The learning rate that works best for Adam works as well for SGD.
// 7. It was better in my run, so it is better: whoever is first with one seed is first with the others.
// 8. What is ahead after three of fifteen epochs is ahead at the end.

// %% id=quiz
const answers = [true, true, true, true, true, true, true, true]

// %% id=quiz-answers
const truthOf = (code: string) => misconceptions.find((one) => one.code === code)!.truth
/** Whose validation loss is lowest after so many epochs of the long runs, with this seed. */
const leader = (k: number, epoch: number): Name => {
  const lossOf = (name: Name) =>
    final.of(name)[k].history.rows[epoch - 1]?.validationLoss ?? Number.NaN
  return names.reduce((best, name) => (lossOf(name) < lossOf(best) ? name : best))
}
const overtaken = seeds.filter((_, k) => leader(k, 3) !== leader(k, 15)).length
const pairedGap = (a: number[], b: number[]) => a.map((loss, k) => loss - b[k])
const borrowed = pairedGap(losses('SGD', bestRate('Adam')), losses('SGD', bestRate('SGD')))
const facts = [
  {
    is: new Set(shared.map(winnerAt)).size === 1,
    because: 'the table of shared rates: the winner changes with the rate',
  },
  {
    is: new Set(bouts.map(({ found }) => says(found))).size === 1,
    because:
      'the four comparisons of the same two contradict each other: a set-up is not mended by seeds',
  },
  { is: ratio > 10, because: 'the table of the best rates' },
  {
    is: names.some((name) =>
      kinds.every(
        (kind) => meanOf(trialLosses(name, 'minimum')) <= meanOf(trialLosses(name, kind)),
      ),
    ),
    because: 'the table of choices: before the minimum the loss ends lower',
  },
  {
    is: says(bouts[3].found) === 'Adam is better',
    because: `both tuned, Adam − SGD is ${pm(bouts[3].found)}. ${truthOf('sgd-is-outdated')}`,
  },
  {
    is: !counts(spreadOf(borrowed)),
    because: `with Adam's best rate SGD ends ${pm(borrowed)} above its own best. ${truthOf('one-rate-for-all')}`,
  },
  {
    is: new Set(firsts).size === 1,
    because: `the table of medals: first were ${firsts.join(', ')}. ${truthOf('one-seed-proves')}`,
  },
  {
    is: overtaken === 0,
    because: `in the runs of fifteen epochs the first after three was overtaken in ${overtaken} of ${seeds.length} seeds. ${truthOf('faster-is-better')}`,
  },
]
quiz(answers, facts)

// %% [markdown]
// ## To keep
//
// - **Symptom:** an optimizer "does not work", or a new one "is better". **Look at** how many rates each was tried with, and whether the best lies inside its grid.
// - **First move:** a range test for each, then a third and three times that rate; over at least five seeds. Only then change the optimizer. **Which curve should move:** the training loss of the first epochs, from
//   flat (rate too small) or jumping (too large) to a quick, steady fall.
// - **When you switch** the optimizer of a recipe: fresh state, a new search for the rate (expect a factor of 10 to 100), a new warmup.
// - **Report** the range that was tried, the seeds, and the differences with their spread.
// - **Read next:** Smith, _Cyclical Learning Rates for Training Neural Networks_ (2017), section 3.3, the range test; Wilson, Roelofs, Stern, Srebro and Recht, _The Marginal Value of Adaptive Gradient Methods in Machine
//   Learning_ (2017), and against it Choi, Shallue, Nado, Lee, Maddison and Dahl, _On Empirical Comparisons of Optimizers for Deep Learning_ (2019): how the tuning decides the result; Schmidt, Schneider and Hennig, _Descending
//   through a Crowded Valley_ (2021).
//
// **On to [lesson 13](13-what-goes-wrong.ipynb):** what else goes wrong, and what to try first.
//
// [All lessons](00-start-here.ipynb) · [Glossary](glossary.ipynb)
