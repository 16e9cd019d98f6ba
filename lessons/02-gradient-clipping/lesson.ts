// %% [markdown]
// # Clipping gradients
//
// **The question.** Now and then one _batch_, the rows of data behind a step, produces a gradient a hundred times longer than the others. A step along it can undo an hour of
// training. There are two usual ways to shorten it: limit each number, or shorten the whole vector. Do they do the same thing?
//
// You will clip one gradient both ways and measure what happens to its length and to its direction, watch clipping save a run, and write
// both functions. About 20 minutes.

// %%
import {
  check,
  clipGradNorm,
  clipGradValue,
  display,
  lines,
  parameter,
  quiz,
  records,
  sgd,
  type Tensor,
  tensor,
  useBackend,
} from 'downhill'

// Every digit that is printed below is exact: float64. Without this line tensors are float32, and faster.
await useBackend('reference')

// %% [markdown]
// ## The two rules
//
// **Clipping by value.** Each number for itself is pushed back between −c and c:
//
// $$g_i \leftarrow \min(c, \max(-c, g_i))$$
//
// **Clipping by global norm.** All gradients of the _model_, that is, of all that is trained, count as one long vector. If its length, the _norm_, is above c, every number is multiplied by the same
// factor:
//
// $$g \leftarrow g \cdot \min\left(1, \frac{c}{\lVert g \rVert}\right) \qquad \lVert g \rVert = \sqrt{\textstyle\sum_i g_i^2}$$
//
// ## Guess before you run
//
// The gradient is g = [6, −8, 3, −4, 2] and the limit c = 5. By how many degrees does each way turn it? Put your guesses here.

// %% id=guess
const guess = { 'by value': 0, 'by norm': 0 }

// %% [markdown]
// ## The example in numbers
//
// A model keeps its gradients in several _tensors_ (lists and tables of numbers): here the five numbers belong to two of them, one of three numbers and one of two. `parameter(…)` makes such a tensor that can be trained, and keeps its gradient in `grad`. The
// library's functions change the gradients in place. `clipGradNorm` returns the norm before
// clipping; reading it needs `await`, since it may live on a graphics card.

// %% id=helpers
const g = [6, -8, 3, -4, 2]

/** Parameters whose gradients are the numbers of g. */
function model(): Tensor[] {
  const parts = [g.slice(0, 3), g.slice(3)]
  return parts.map((part) => {
    const weights = parameter(part.map(() => 0))
    weights.grad = tensor(part)
    return weights
  })
}

/** All gradients, one after the other. */
async function gradientOf(parameters: Tensor[]): Promise<number[]> {
  const parts: number[] = []
  for (const { grad } of parameters) if (grad) parts.push(...(await grad.data()))
  return parts
}

const norm = (a: number[]): number => Math.hypot(...a)

/** The angle between two vectors, in degrees. */
function angle(a: number[], b: number[]): number {
  const dot = a.reduce((sum, x, i) => sum + x * b[i], 0)
  return (Math.acos(Math.min(1, dot / (norm(a) * norm(b)))) * 180) / Math.PI
}

// %% id=example
const byValue = model()
clipGradValue(byValue, 5)
const clippedByValue = await gradientOf(byValue)

const byNorm = model()
const before = await clipGradNorm(byNorm, 5).item()
const clippedByNorm = await gradientOf(byNorm)

const row = (name: string, a: number[], yours: number | string) => ({
  gradient: name,
  numbers: a.map((x) => x.toFixed(4)).join(', '),
  '‖g‖': norm(a),
  'turned by (°)': angle(g, a),
  'your guess (°)': yours,
})
records(
  [
    row('as it came', g, ''),
    row('by value, c = 5', clippedByValue, guess['by value']),
    row('by norm, c = 5', clippedByNorm, guess['by norm']),
  ],
  {
    digits: { '‖g‖': 4, 'turned by (°)': 2 },
    caption: `‖g‖ = √129 ≈ ${before.toFixed(4)}; the factor is 5 / ‖g‖ ≈ ${(5 / before).toFixed(4)}`,
  },
)

// %% [markdown]
// Clipping by value turned the gradient: the large numbers shrank and the small ones did not, so the step now points elsewhere. It
// also left the vector longer than 5. Clipping by norm kept the direction and made the length 5.
//
// How far the first way turns it depends on the limit. Follow both over many limits:

// %% id=limits
const limits = Array.from({ length: 60 }, (_, i) => 0.2 * (i + 1))
const turned: { value: number[]; norm: number[] } = { value: [], norm: [] }
for (const limit of limits) {
  const [a, b] = [model(), model()]
  clipGradValue(a, limit)
  clipGradNorm(b, limit)
  turned.value.push(angle(g, await gradientOf(a)))
  turned.norm.push(angle(g, await gradientOf(b)))
}
lines({
  title: 'How far clipping turns the gradient [6, −8, 3, −4, 2]',
  alt: 'Clipping by value turns the gradient by about 25 degrees for small limits, by less and less above 2, and not at all from 8 on. Clipping by norm never turns it.',
  xTitle: 'limit c',
  yTitle: 'angle to the unclipped gradient (degrees)',
  series: [
    { name: 'by value', x: limits, y: turned.value },
    { name: 'by norm', x: limits, y: turned.norm },
  ],
})

// %% [markdown]
// From c = 8 on, no number is above the limit and clipping by value leaves the gradient alone. From c = 2 down every number is cut to c: only the signs remain, and it turns no further.
//
// ## Two details
//
// **Below the limit nothing happens.** ‖g‖ is about 11.36, so with c = 20 the factor is not 20 / 11.36 but 1. Clipping never
// makes a gradient longer.
//
// **Almost 5.** Of two other libraries, PyTorch divides by ‖g‖ + 10⁻⁶ and so never divides by zero; Optax divides by ‖g‖. The library follows PyTorch unless `eps` says
// otherwise.

// %% id=details
const clipped = async (limit: number, eps?: number): Promise<number> => {
  const parameters = model()
  clipGradNorm(parameters, limit, eps === undefined ? {} : { eps })
  return norm(await gradientOf(parameters))
}
records(
  [
    { limit: 20, convention: "PyTorch's", '‖g‖ after clipping': await clipped(20) },
    { limit: 5, convention: "PyTorch's", '‖g‖ after clipping': await clipped(5) },
    { limit: 5, convention: "Optax's (eps: 0)", '‖g‖ after clipping': await clipped(5, 0) },
  ],
  { digits: { limit: 0, '‖g‖ after clipping': 7 } },
)

// %% [markdown]
// ## The same rule on every machine
//
// Tensors live on the machine that was chosen when they were made, and are clipped there: the norm and the factor are computed beside the gradients. `simd` and `gpu` count in float32, with
// about 7 digits. The bound is 10⁻⁶ of the reference.

// %% id=machines
const machines = []
for (const name of ['reference', 'simd', 'gpu'] as const) {
  const machine = await useBackend(name)
  const parameters = model()
  const length = await clipGradNorm(parameters, 5).item()
  const there = await gradientOf(parameters)
  const away = there.map((x, i) => Math.abs(x - clippedByNorm[i]) / Math.abs(clippedByNorm[i]))
  machines.push({
    machine,
    '‖g‖ before': length.toFixed(9),
    '‖g‖ after': norm(there).toFixed(9),
    'largest distance': Math.max(...away),
    'within 10⁻⁶': Math.max(...away) <= 1e-6,
  })
}
await useBackend('reference')
records(machines, { caption: 'Clipped to 5 on three machines' })

// %% [markdown]
// ## A run that clipping saves
//
// In the cell below `backward()` computes the gradient of x⁴ and adds it to `x.grad`, `step()` moves x by it, and `zeroGrad()` empties `x.grad` for the next time. Clipping stands between `backward()` and `step()`. Every training in this course is such a loop.
//
// f(x) = x⁴ is flat in the middle and steep outside. From x = 4 the gradient is 4·4³ = 256. With α = 0.05 plain gradient descent jumps
// across the valley, lands higher up, and jumps further.

// %% id=cliff
async function descend(steps: number, limit?: number, lr = 0.05) {
  const x = parameter([4], { name: 'x' })
  const optimizer = sgd([x], { lr: lr })
  const path = [4]
  let shortened = 0
  for (let step = 1; step <= steps; step++) {
    optimizer.zeroGrad()
    x.pow(4).sum().backward()
    if (limit !== undefined) {
      const length = await clipGradNorm([x], limit).item()
      if (length > limit) shortened += 1
    }
    optimizer.step()
    path.push((await x.data())[0])
  }
  return { path, shortened }
}

const wild = await descend(5)
const tame = await descend(40, 5)
display(
  records(
    wild.path.map((x, step) => ({ step, x })),
    { caption: 'Without clipping: five steps' },
  ),
)
console.log(`${tame.shortened} of 40 steps were shortened; x ended at ${tame.path[40].toFixed(3)}`)
lines({
  title: 'With clipping to 5',
  alt: 'x falls from 4 in a straight line until the steps are no longer shortened, and then ever more slowly.',
  xTitle: 'step',
  yTitle: 'x',
  series: [{ name: 'x', y: tame.path }],
})

// %% [markdown]
// The clipped run walks down at 5·α = 0.25 a step until the gradient is shorter than 5, and is plain gradient descent from
// there. Does clipping make any learning rate safe, then? The same run, clipped to 5, at three of them:

// %% id=any-rate
const rates = [0.05, 0.5, 5]
const bold: {
  α: number
  'shortened (of 40)': number
  'largest |x|': number
  'x at the end': number
}[] = []
for (const lr of rates) {
  const { path, shortened } = await descend(40, 5, lr)
  bold.push({
    α: lr,
    'shortened (of 40)': shortened,
    'largest |x|': Math.max(...path.map(Math.abs)),
    'x at the end': path[40],
  })
}
records(bold, { digits: { α: 2, 'x at the end': 3 }, caption: 'Clipped to 5; the minimum is at 0' })

// %% [markdown]
// No run flies off without end: that much a limit on the length of a step can do. Arriving is another matter: with α = 5 each step jumps over the minimum, from 4 to −21 and back. Count the shortened steps of your own runs as well: a few mean that clipping does its work. **If nearly every step
// is shortened, the limit has become your learning rate**, and the learning rate is what to change.
//
// ## Your turn: by value
//
// Write `clipByValue(gradient, limit)`: a list of numbers in, a list of the same length out, every number between −limit and limit. The
// limit is positive.

// %% exercise=clip-by-value
function clipByValue(gradient: number[], limit: number): number[] {
  // BEGIN SOLUTION
  return gradient.map((x) => Math.min(limit, Math.max(-limit, x)))
  // END SOLUTION
}

// %% check=clip-by-value
await check('clip-by-value', clipByValue)

// %% [markdown]
// ## Your turn: by global norm
//
// Write `clipByNorm(gradients, limit)`. `gradients` is a list of lists, one for each tensor of a model; return a list of lists of the same
// lengths. The norm is that of **all** the numbers together. Dividing by ‖g‖ or by ‖g‖ + 10⁻⁶ are both right: numbers are compared to
// 10⁻⁶, and marked examples that are clipped have norms above 1.

// %% exercise=clip-by-norm
function clipByNorm(gradients: number[][], limit: number): number[][] {
  // BEGIN SOLUTION
  let squares = 0
  for (const gradient of gradients) for (const x of gradient) squares += x * x
  const factor = Math.min(1, limit / Math.sqrt(squares))
  return gradients.map((gradient) => gradient.map((x) => x * factor))
  // END SOLUTION
}

// %% check=clip-by-norm
await check('clip-by-norm', clipByNorm)

// %% [markdown]
// ## True or false?
//
// Write `true` or `false` for each, then run both cells.
//
// 1. Clipping by norm changes how long a gradient is, never where it points.
// 2. Clipping each tensor by its own norm is the same as clipping by the global norm.
// 3. Clipping cures gradients that are too short.
// 4. Clipping every step makes any learning rate safe.

// %% id=quiz
const answers = [true, true, true, true]

// %% id=quiz-answers
const each = model()
for (const weights of each) clipGradNorm([weights], 5)
const byTensor = angle(g, await gradientOf(each))
const faint = parameter([0])
faint.grad = tensor([1e-6])
clipGradNorm([faint], 5)
const [stillFaint] = await gradientOf([faint])
const mostTurned = Math.max(...turned.norm)
const facts = [
  {
    is: mostTurned < 0.001,
    because: `it turned by ${mostTurned.toFixed(3)}° at most. (Adam's step may still turn: it averages clipped gradients with earlier ones)`,
  },
  {
    is: byTensor < 0.001,
    because: `each tensor gets a factor of its own: the whole vector turned by ${byTensor.toFixed(2)}°`,
  },
  {
    is: stillFaint > 1e-6,
    because: `the factor is never above 1: ${(1e-6).toExponential(0)} is ${stillFaint.toExponential(0)} afterwards`,
  },
  {
    is: bold.every((run) => Math.abs(run['x at the end']) < 0.5),
    because: `the table of three rates: with α = ${bold[2].α} it ended at ${bold[2]['x at the end'].toFixed(2)}, and ${bold[2]['shortened (of 40)']} of 40 steps were shortened`,
  },
]
quiz(answers, facts)

// %% [markdown]
// ## To keep
//
// - **A limit:** 1 and 5 are common starting points, not laws. Look at the norms that your model has on good days, and set the limit above most of them.
// - **Symptom:** the loss jumps up, or becomes _NaN_ (no number at all), now and then. **Look at** the _gradient norm_ of each step.
// - **First move:** if the norm is always large, a smaller learning rate; if it is large only at times, clip by global norm. **Which curve should move:** the
//   spikes of the training loss go.
// - **Read next:** Pascanu, Mikolov and Bengio, _On the difficulty of training recurrent neural networks_ (2013), section 2: why gradients explode,
//   and the picture of the cliff; section 3.2: clipping by norm.
//
// **On to [lesson 03](03-warmup-cosine.ipynb):** a learning rate that starts small on purpose.
//
// [All lessons](00-start-here.ipynb) · [Glossary](glossary.ipynb)
