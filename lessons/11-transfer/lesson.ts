// %% [markdown]
// # Parameter groups and transfer
//
// **The question.** A network has learned one task. Now there is another, and only a few examples of it. Keep the trained layers? Train them on, and how fast? Or start anew?
//
// You will carry a network from the digits 0–4 to two other tasks, one near and one far, with one learning rate, with two, and layer by layer; measure what it gains and what
// it forgets; and write the two tools for it. About 25 minutes. You should know AdamW (lesson 06) and how to compare recipes over seeds (lesson 08).

// %%
import {
  accuracy,
  adamw,
  check,
  compare,
  counts,
  Dataset,
  digits,
  evaluate,
  fit,
  initialize,
  type Layer,
  linear,
  lines,
  lint,
  type ModelState,
  misconceptions,
  noDecayGroups,
  quiz,
  type Recipe,
  records,
  relu,
  type Spread,
  sequential,
  split,
  spreadOf,
  stagedUnfreeze,
  type Tensor,
} from 'downhill'

// %% [markdown]
// ## Words
//
// The _backbone_ (or body) are the layers that turn pixels into _features_, numbers that say something about the picture. The _head_ is the last layer, which turns features into an answer.
// _Pretrained_ weights come from another task. _Transfer_ means to take the pretrained backbone, to put a new head on it, and to train on. To _freeze_ a layer is to leave it as it is.
//
// A _parameter group_ is a list of parameters with options of its own, such as a learning rate. Often the backbone gets a small rate and the new head a large one; the numbers
// that texts give, 10⁻⁵ and 10⁻³, come from large networks that train for many thousands of steps.
//
// ## Three tasks
//
// - **old**: which of the digits 0–4 is it? 450 pictures, the backbone is trained on these;
// - **near**: is it even or odd? The same five digits, other pictures, 20 of them to learn from;
// - **far**: which of the digits 5–9 is it? 40 pictures to learn from.

// %% id=tasks
const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const all = await digits()
/** The digits that are wanted, with other labels, and ink from 0 to 1. */
function task(
  wanted: (digit: number) => boolean,
  label: (digit: number) => number,
  classes: string[],
) {
  const some = all.filter(wanted)
  return new Dataset({
    ...some,
    x: some.x.map((row) => row.map((ink) => ink / 16)),
    y: some.y.map(label),
    classes: classes,
  })
}
const low = task(
  (digit) => digit < 5,
  (digit) => digit,
  ['0', '1', '2', '3', '4'],
)
const high = task(
  (digit) => digit > 4,
  (digit) => digit - 5,
  ['5', '6', '7', '8', '9'],
)

/** A body and a head for so many classes, with first weights of this seed. */
function network(seed: number, classes: number) {
  const model = sequential({ body: sequential(linear(64, 32), relu()), head: linear(32, classes) })
  initialize(model, { seed: seed })
  return model
}
const bodyOf = (model: { children: Readonly<Record<string, Layer>> }) => model.children.body
const headOf = (model: { children: Readonly<Record<string, Layer>> }) => model.children.head

interface Learned {
  body: ModelState
  head: ModelState
  /** Digits 0–4 that it has not seen. */
  unseen: Dataset
  accuracy: number
}
const learned = new Map<number, Learned>()
for (const seed of seeds) {
  const { train, test } = split(low, { train: 450, seed: seed })
  const model = network(seed, 5)
  const optimizer = adamw(model.parameters(), { lr: 0.01 })
  await fit(model, { train, optimizer, epochs: 6, seed: seed, progress: false })
  learned.set(seed, {
    body: await bodyOf(model).stateDict(),
    head: await headOf(model).stateDict(),
    unseen: test,
    accuracy: (await evaluate(model, test, { metrics: { accuracy: accuracy } })).metrics.accuracy,
  })
}
const pretrained = (seed: number): Learned => {
  const found = learned.get(seed)
  if (!found) throw new RangeError(`no network was trained with seed ${seed}`)
  return found
}
records(
  seeds.map((seed) => ({
    seed: String(seed),
    'accuracy on unseen digits 0–4': pretrained(seed).accuracy,
  })),
  { digits: 3, caption: 'The old task is learned' },
)

// %% [markdown]
// ## Guess before you run
//
// For each of the two new tasks: will the pretrained backbone, frozen, with a new head, be better or worse than a network that starts anew and trains all of its weights? By how many points (percent
// of accuracy)? A positive number means that pretraining helps.

// %% id=guess
const guess = { near: 0, far: 0 }

// %% [markdown]
// ## Seven ways to go on
//
// All train with AdamW for 20 epochs in batches of 8, on the same few pictures, and are judged on a test set. They differ in what they start from and in the rates of their groups. Each difference is taken seed by seed; where it does not count (lesson 06; with ten seeds its mean must be larger than its standard deviation), the last column says "no difference seen":

// %% id=ways
type Model = ReturnType<typeof network>
const groups = (body: number, head: number) => (_: Tensor[], model: unknown) =>
  adamw(
    [
      { params: bodyOf(model as Model).parameters(), lr: body },
      { params: headOf(model as Model).parameters(), lr: head },
    ],
    { lr: head },
  )
/** The head alone; after so many epochs the body, too. */
const headFirst = (every: number) => (model: unknown) =>
  stagedUnfreeze([headOf(model as Model).parameters(), bodyOf(model as Model).parameters()], {
    every: every,
  })

function waysFor(classes: number): Recipe[] {
  const fresh = (seed: number) => network(seed + 100, classes)
  const carried = (seed: number) => {
    const model = fresh(seed)
    bodyOf(model).loadStateDict(pretrained(seed).body)
    return model
  }
  return [
    { name: 'start anew', model: fresh, optimizer: groups(0.01, 0.01) },
    {
      name: 'frozen backbone',
      model: carried,
      optimizer: groups(0.01, 0.01),
      stages: headFirst(1000),
    },
    { name: 'one rate, 0.01', model: carried, optimizer: groups(0.01, 0.01) },
    { name: 'backbone 0.001, head 0.01', model: carried, optimizer: groups(1e-3, 0.01) },
    { name: 'backbone 0.0001, head 0.01', model: carried, optimizer: groups(1e-4, 0.01) },
    { name: 'backbone 0.00001, head 0.001', model: carried, optimizer: groups(1e-5, 1e-3) },
    {
      name: 'staged: head, after 10 epochs all',
      model: carried,
      optimizer: groups(1e-3, 0.01),
      stages: headFirst(10),
    },
  ]
}
const near = new Map(
  seeds.map((seed) => {
    const { unseen } = pretrained(seed)
    const parity = new Dataset({
      ...unseen,
      y: unseen.y.map((digit) => digit % 2),
      classes: ['even', 'odd'],
    })
    return [seed, split(parity, { train: 20, validation: 100, seed: seed })]
  }),
)
const far = new Map(
  seeds.map((seed) => [seed, split(high, { train: 40, validation: 300, seed: seed })]),
)
const race = (classes: number, data: typeof near) =>
  compare(waysFor(classes), {
    seeds: seeds,
    data: (seed) => data.get(seed) ?? { train: all },
    epochs: 20,
    batchSize: 8,
    metrics: { accuracy: accuracy },
    progress: false,
  })
const nearRace = await race(2, near)
const farRace = await race(5, far)

const points = ({ mean, sd }: { mean: number; sd: number }) =>
  `${(100 * mean).toFixed(1)} ± ${(100 * sd).toFixed(1)}`
const nothing: Spread = { mean: Number.NaN, sd: Number.NaN, n: 0 }
const says = (difference: Spread) =>
  !counts(difference) ? 'no difference seen' : difference.mean > 0 ? 'helps' : 'harms'
const standing = (race: typeof nearRace, title: string) =>
  records(
    race.rows.map(({ recipe, test, difference }) => ({
      way: recipe,
      'test accuracy (%)': points(test ?? nothing),
      'minus starting anew (points)': difference ? points(difference) : '',
      'here it': difference ? says(difference) : '',
    })),
    { caption: `${title}: mean ± sd over ${seeds.length} seeds, differences seed by seed` },
  )
standing(nearRace, 'Near: even or odd, 20 pictures')

// %% id=far
standing(farRace, 'Far: digits 5–9, 40 pictures')

// %% id=against-the-guess
const gain = (race: typeof nearRace, way: string) =>
  race.rows.find(({ recipe }) => recipe === way)?.difference ?? nothing
records(
  [
    {
      task: 'near',
      'your guess (points)': guess.near,
      measured: points(gain(nearRace, 'frozen backbone')),
    },
    {
      task: 'far',
      'your guess (points)': guess.far,
      measured: points(gain(farRace, 'frozen backbone')),
    },
  ],
  { digits: 0, caption: 'Frozen backbone, minus starting anew' },
)

// %% [markdown]
// **Near**, there is reason to hope: the backbone already separates the five digits; even and odd can be read from that, and a few pictures may suffice to fit a small head. Does the first table bear it out? **Far**, the features that tell 0–4 apart need not
// be any good for telling 5–9 apart. Where the carried backbone is behind the network that started anew, one speaks of _negative transfer_. Look whether any choice of groups helps in the second table, and which rate of the backbone does best there:
// the one that holds on to the old features, or the one that lets go of them fastest?
//
// And the pair from the books, 10⁻⁵ and 10⁻³? Look for its row in both tables, and count: 40 pictures in batches of 8 are 5 steps an epoch, 100 in all (60 for the 20 of near), and steps of that size go nowhere in a hundred. The **ratio** is the idea (backbone slower
// than head, 10 to 100 times); the size has to be searched for, as every rate.

// %% id=curves
const course = (race: typeof nearRace, title: string) =>
  lines({
    title: title,
    alt: `${title}: four lines over twenty epochs, from a fresh start, a frozen backbone, one rate for all, and a head that trains alone for ten epochs, after which its line bends.`,
    xTitle: 'epoch',
    yTitle: 'validation accuracy',
    series: [
      'start anew',
      'frozen backbone',
      'one rate, 0.01',
      'staged: head, after 10 epochs all',
    ].map((way) => {
      const { mean } = race.band(way, 'accuracy')
      return { name: way, x: mean.map((_, k) => k + 1), y: mean }
    }),
  })
course(farRace, 'Far: digits 5–9 from 40 pictures (mean of ten seeds)')

// %% [markdown]
// _Staged unfreezing_ trains the head alone at first, since the gradients of a random head say nothing about the backbone; then the layers below, from the top down. You see the moment in the curve: after the tenth epoch the backbone
// begins to move.
//
// ## What a slow backbone is good for
//
// The symptom that groups cure is another one: **the pretrained backbone moves too much, and forgets.** After the training on 5–9, put the **old** head back on the backbone, and ask for the digits 0–4 again:

// %% id=forgetting
interface Kept {
  way: string
  moved: number[]
  old: number[]
}
const kept: Kept[] = []
const relative = (a: ModelState, b: ModelState) => {
  const [x, y] = [a, b].map((state) => Object.values(state).flatMap(({ data }) => data))
  return Math.hypot(...x.map((value, k) => value - y[k])) / Math.hypot(...y)
}
for (const recipe of waysFor(5).filter(({ name }) => name !== 'start anew')) {
  const row: Kept = { way: recipe.name, moved: [], old: [] }
  for (const seed of seeds) {
    const model = recipe.model(seed) as Model
    const { body, head, unseen } = pretrained(seed)
    await fit(model, {
      train: far.get(seed)?.train ?? high,
      optimizer: recipe.optimizer(model.parameters(), model),
      ...(recipe.stages && { stages: recipe.stages(model) }),
      epochs: 20,
      batchSize: 8,
      seed: seed,
      progress: false,
    })
    row.moved.push(relative(await bodyOf(model).stateDict(), body))
    headOf(model).loadStateDict(head)
    row.old.push(
      (await evaluate(model, unseen, { metrics: { accuracy: accuracy } })).metrics.accuracy,
    )
  }
  kept.push(row)
}
/** What the old task lost, seed by seed. */
const lost = (old: number[]) => seeds.map((seed, k) => pretrained(seed).accuracy - old[k])
records(
  kept.map(({ way, moved, old }) => ({
    way: way,
    'backbone moved (% of its length)': points(spreadOf(moved)),
    'old task (%)': points(spreadOf(old)),
    'forgotten, by seed (points)': lost(old)
      .map((share) => (100 * share).toFixed(1))
      .join(', '),
    'new task (%)': points(farRace.rows.find(({ recipe }) => recipe === way)?.test ?? nothing),
  })),
  { caption: `Mean ± sd over ${seeds.length} seeds; the old task with its old head` },
)

// %% [markdown]
// Go through the rows by the rate of the backbone: a smaller one should move it less, and forget less. Does it? How much do the seeds agree? And what does the new task pay for that? It is a trade: read the last column beside the others. If the old task no longer
// matters, and the new one has enough data, there is nothing to protect.
//
// The _linter_, which reads recipes for red flags, knows the habit of one rate for both. It cannot know whether your tasks are near: that you measure.

// %% id=lint
const found = lint({
  pretrained: true,
  groups: [
    { name: 'backbone', lr: 1e-3 },
    { name: 'head', lr: 1e-3 },
  ],
})
records(
  found.rows.map(({ severity, code, found, fix }) => ({ severity, code, found, fix })),
  { caption: 'What the linter finds' },
)

// %% [markdown]
// ## Groups for two reasons
//
// Weight decay needs groups as well: biases and norm layers are usually left without (lesson 06). `noDecayGroups` splits one list; called for the backbone and for the head it gives four groups, each with both
// options:

// %% id=four-groups
const parts = network(1, 5)
const byRate = [
  { name: 'backbone', params: bodyOf(parts).parameters(), lr: 1e-3 },
  { name: 'head', params: headOf(parts).parameters(), lr: 0.01 },
]
const four = byRate.flatMap(({ name, params, lr }) =>
  noDecayGroups(params, { weightDecay: 0.01 }).groups.map((group) => ({ name, lr, ...group })),
)
const optimizer = adamw(four.map(({ params, lr, weightDecay }) => ({ params, lr, weightDecay })))
records(
  optimizer.groups.map(({ params, lr, weightDecay }, k) => ({
    part: four[k].name,
    shapes: params.map(({ shape }) => `[${shape.join(', ')}]`).join(' '),
    α: String(lr),
    λ: weightDecay,
  })),
  { caption: 'Four groups of one optimizer' },
)

// %% [markdown]
// ## Your turn: a rate for each parameter
//
// Write `rateGroups(names, headName, headRate, ratio)`. `names` are the names of parameters by path, such as `'body.0.weight'` and `'head.bias'`. What begins with `headName` and a dot belongs to the head. Return a list of **two** groups `{ names, lr }`: first the
// backbone with headRate / ratio, then the head with headRate. The names keep their order. A group without names is left out. Numbers are compared to 10⁻⁹.

// %% exercise=rate-groups
interface RateGroup {
  names: string[]
  lr: number
}

function rateGroups(
  names: string[],
  headName: string,
  headRate: number,
  ratio: number,
): RateGroup[] {
  // BEGIN SOLUTION
  const isHead = (name: string) => name.startsWith(`${headName}.`)
  const both = [
    { names: names.filter((name) => !isHead(name)), lr: headRate / ratio },
    { names: names.filter(isHead), lr: headRate },
  ]
  return both.filter((group) => group.names.length > 0)
  // END SOLUTION
}

// %% check=rate-groups
await check('rate-groups', rateGroups)

// %% [markdown]
// ## Your turn: who trains when
//
// Write `unfreezePlan(layers, every, epochs)`. `layers` are the names of the layers from the **input** to the head. In the first `every` epochs only the last of them trains; after each further `every` epochs one more, from the top down, until all do. Return a list with
// one entry for each epoch: the list of the layers that train in it, from the input to the head.

// %% exercise=unfreeze-plan
function unfreezePlan(layers: string[], every: number, epochs: number): string[][] {
  // BEGIN SOLUTION
  return Array.from({ length: epochs }, (_, epoch) => {
    const training = Math.min(layers.length, 1 + Math.floor(epoch / every))
    return layers.slice(layers.length - training)
  })
  // END SOLUTION
}

// %% check=unfreeze-plan
await check('unfreeze-plan', unfreezePlan)

// %% [markdown]
// ## True or false?
//
// Decide, write `true` or `false` for each, and run both cells.
//
// 1. A pretrained backbone helps, whatever the new task.
// 2. For the near task the frozen backbone is better than starting anew, by a difference that counts.
// 3. The rates 10⁻⁵ and 10⁻³ worked in papers, so they work here.
// 4. With one rate for all, more of the old task is forgotten than with a slow backbone, by a difference that counts.

// %% id=quiz
const answers = [true, true, true, true]

// %% id=quiz-answers
const printed = 'backbone 0.00001, head 0.001'
const paper = misconceptions.find(({ code }) => code === 'paper-says-so')!
const oldOf = (way: string) => kept.find((row) => row.way === way)?.old ?? []
const slow = oldOf('backbone 0.0001, head 0.01')
const saved = oldOf('one rate, 0.01').map((share, k) => slow[k] - share)
const facts = [
  {
    is: farRace.rows.some(({ difference }) => difference && says(difference) === 'helps'),
    because: `the table of the far task: the frozen backbone ${points(gain(farRace, 'frozen backbone'))} points, one rate for all ${points(gain(farRace, 'one rate, 0.01'))}`,
  },
  {
    is: says(gain(nearRace, 'frozen backbone')) === 'helps',
    because: `the table of the near task: ${points(gain(nearRace, 'frozen backbone'))} points; to count with ten seeds, the mean must be larger than the other number`,
  },
  {
    is: says(gain(nearRace, printed)) !== 'harms' && says(gain(farRace, printed)) !== 'harms',
    because: `beside starting anew: near ${points(gain(nearRace, printed))}, far ${points(gain(farRace, printed))} points. ${paper.truth}`,
  },
  {
    is: counts(spreadOf(saved)) && spreadOf(saved).mean > 0,
    because: `the table of forgetting: a slow backbone (0.0001) keeps ${points(spreadOf(saved))} points more. One rate forgot more with ${saved.filter((gain) => gain > 0).length} of ${seeds.length} seeds, but how much depends on the seed`,
  },
]
quiz(answers, facts)

// %% [markdown]
// ## To keep
//
// - **Symptom:** a pretrained backbone moves too much: the new loss falls, and what it knew is gone. **Look at** how far its weights are from where they began, and at the old task.
// - **First move:** a group of its own with a rate 10 to 100 times smaller than the head's, or staged unfreezing. **Which curve should move:** the old task stays up, while the new loss still falls.
// - **Always run the baseline that starts anew**, over several seeds. If it wins, the tasks are not near: then the next move is another backbone or more data, no finer rates.
// - **A new task** begins with a fresh optimizer state.
// - **Read next:** Yosinski, Clune, Bengio and Lipson, _How transferable are features in deep neural networks?_ (2014); Howard and Ruder, _Universal Language Model Fine-tuning for Text Classification_ (2018), section 3.3, gradual unfreezing; Kornblith,
//   Shlens and Le, _Do Better ImageNet Models Transfer Better?_ (2019).
//
// **On to [lesson 12](12-fair-comparison.ipynb):** comparisons that are fair.
//
// [All lessons](00-start-here.ipynb) · [Glossary](glossary.ipynb)
