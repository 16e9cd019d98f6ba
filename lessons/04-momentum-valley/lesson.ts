// %% [markdown]
// # Momentum and the valley
//
// **The question.** A valley is fifty times steeper across than along. Plain gradient descent must take steps small enough for the steep walls, and so
// it creeps along the floor. How large may a step be at most, exactly? And what does it change if the optimizer remembers where it was going?
//
// You will derive the largest stable step and watch it hold to a few percent, first in a valley that you can see, then on medical data with 31 dimensions. You will move two
// sliders, and write momentum and its variant by Nesterov yourself. About 30 minutes.

// %%
import {
  adam,
  breastCancer,
  check,
  contourPlot,
  display,
  lines,
  momentumVelocity,
  mse,
  panels,
  parameter,
  quiz,
  records,
  seededRandom,
  sgd,
  sliders,
  standardize,
  type Tensor,
  tensor,
  trace,
  useBackend,
  valleyStep,
  walkValley,
} from 'downhill'

// The digits below are float64. Without this line tensors are float32, and faster.
await useBackend('reference')

// %% [markdown]
// ## The valley
//
// The function is f(x, y) = x² + 50·y². Its gradient is (2x, 100y), so along x the slope grows by 2 for each unit, and across, along y, by 100. These two numbers are
// the **curvatures** of the valley, written λ (in many dimensions: the _eigenvalues_ of the matrix of second derivatives, the _Hessian_). The largest is
// λmax = 100, the smallest λmin = 2, and their quotient, the **condition number** κ = 50, says how ill-conditioned the valley is: how much steeper across than along.
//
// **SGD**, stochastic gradient descent, moves against the gradient, with a learning rate α. (_Stochastic_ means that the gradient comes from a random batch of the data. Here it is exact, so
// that we see the method alone.)
//
// $$p \leftarrow p - \alpha\, g$$
//
// ## Guess before you run
//
// We start at (−10, 1), where the loss is 150. Which is the largest learning rate with which SGD does not fly out of the valley? And how many times fewer steps than the best plain SGD
// will the best momentum need to bring the loss below 0.01?

// %% id=guess
const guess = { largestRate: 0.1, timesFewerSteps: 2 }

// %% [markdown]
// ## The limit, derived
//
// Look at y alone. Its gradient is λ·y with λ = 100, so one step is
//
// $$y \leftarrow y - \alpha\lambda\, y = (1 - \alpha\lambda)\, y$$
//
// Each step multiplies y by the same factor. It shrinks if the factor lies between −1 and 1, and that is the case as long as
//
// $$|1 - \alpha\lambda| < 1 \quad\Longleftrightarrow\quad 0 < \alpha < \frac{2}{\lambda}$$
//
// The steepest direction decides: the limit is 2/λmax. Just below it the factor is near −1: y changes its sign at every step and hardly shrinks. That is the zigzag. Here are
// three rates: one below, one at the limit, one above.

// %% id=limit
const rates = [0.019, 0.02, 0.021]
const walks = await Promise.all(
  rates.map((lr) => walkValley((params) => sgd(params, { lr: lr }), { steps: 50 })),
)
records(
  rates.map((lr, k) => ({
    α: lr,
    '1 − 100·α': 1 - 100 * lr,
    'y after 50 steps': walks[k][50].y,
    'predicted: (1 − 100·α)⁵⁰': (1 - 100 * lr) ** 50,
    'x after 50 steps': walks[k][50].x,
    loss: walks[k][50].loss,
  })),
  {
    digits: { α: 3, '1 − 100·α': 2 },
    caption: `The limit is 2/λmax = ${valleyStep()}; your guess was ${guess.largestRate}`,
  },
)

// %% [markdown]
// A change of 5 % in the learning rate decides between arriving and flying away, and the prediction holds to the last digit shown. In the maps below the grey lines are lines of equal loss, as on a hiking map; each dot is a step. A path ends
// where it leaves the map. (The map is stretched: y has ten times the scale of x.)

// %% id=limit-maps
const valley = (x: number, y: number): number => x * x + 50 * y * y
const map = {
  x: [-11, 3] as const,
  y: [-1.6, 1.6] as const,
  levels: [1, 5, 20, 50, 100],
}
const looks = [
  'zigzags across the valley, by less at each step, and comes down to its floor',
  'jumps between the same two heights and never comes down',
  'jumps farther at each step and leaves the map',
]
panels(
  rates.map((lr, k) =>
    contourPlot(valley, {
      ...map,
      title: `α = ${lr}`,
      paths: { SGD: walks[k].slice(0, 31) },
      alt: `At α = ${lr} the path ${looks[k]}.`,
    }),
  ),
  { title: 'SGD in the valley: below, at and above the limit of 0.020 (30 steps)', columns: 3 },
)

// %% id=limit-loss
lines({
  title: 'Loss at each step, below, at and above the limit',
  alt: 'The loss falls on a straight line at 0.019, levels off at 0.020, and rises without end at 0.021.',
  xTitle: 'step',
  yTitle: 'loss',
  logY: true,
  series: rates.map((lr, k) => ({ name: `α = ${lr}`, y: walks[k].map(({ loss }) => loss) })),
})

// %% [markdown]
// ## Why it is slow
//
// With α at most 0.02, the other direction is multiplied by 1 − 2·α, at best 0.96: it loses 4 % a step. One learning rate serves two curvatures. The steep one sets the limit, the flat one
// sets the time: the larger κ, the longer. So we need something that is slow across and fast along.
//
// ## Momentum
//
// Let the optimizer carry a **velocity** v: of the old one it keeps a share μ (the _momentum_, usually 0.9), and adds the new gradient.
//
// $$v \leftarrow \mu v + g \qquad p \leftarrow p - \alpha v$$
//
// This is the _heavy ball_. Across the valley the gradients change their sign and cancel in v; along it they agree and add up. A teaching text follows v by hand for the gradients 2.0, 1.8, 1.5, −0.5. Here are its
// digits beside the computed ones.

// %% id=velocity
const velocities = momentumVelocity()
records(
  velocities.map(({ t, g, v, printed }) => ({ t: t, g: g, v: v, printed: printed })),
  {
    caption: 'v ← 0.9·v + g, computed and as printed',
    digits: { t: 0, g: 1, v: 4, printed: 1 },
    mark: (row, column) =>
      column === 'printed' && Math.abs(row.v - (row.printed ?? row.v)) > 1e-9
        ? `cut short: ${row.v.toFixed(3)}`
        : undefined,
  },
)

// %% [markdown]
// Two of the printed numbers lost their last digits. Note the last row: the gradient has turned round, and the velocity has not. That is the strength of momentum, and its danger.
//
// If the gradient stays the same, how long do the steps get? v = g + μ·g + μ²·g + … = g / (1 − μ). With μ = 0.9 that is ten times the gradient.

// %% id=steady
const steady = (momentum: number): number =>
  momentumVelocity(
    Array.from({ length: 200 }, () => 1),
    { momentum: momentum },
  ).at(-1)?.v ?? 0
const steadyRows = [0, 0.5, 0.9, 0.95].map((momentum) => ({
  μ: momentum,
  'v after 200 gradients of 1': steady(momentum),
  '1 / (1 − μ)': 1 / (1 - momentum),
}))
records(steadyRows, { digits: { μ: 2 }, caption: 'The velocity of a steady gradient' })

// %% [markdown]
// So momentum also is a larger learning rate, of α / (1 − μ). Whoever switches it on without lowering α has changed two things at once.
//
// ## One rule, written in three ways
//
// Another text writes one line only: w ← w − α·(μ·v + g). Is that the same? It depends on which v is meant, the one before this step or the one after it. Run all three on f(w) = w² from 2,
// and the library's two beside them.

// %% id=spellings
/** The velocities before and after the newest of some gradients. */
const around = (gradients: number[]): { before: number; after: number } => {
  const after = momentumVelocity(gradients).map(({ v }) => v)
  return { before: after.at(-2) ?? 0, after: after.at(-1) ?? 0 }
}
/** What is taken off w, without α: g is the newest gradient, the last of the list. */
const spellings: Record<string, (gradients: number[]) => number> = {
  'v ← μv + g; w ← w − αv': (all) => around(all).after,
  'w − α(μ·v + g), v before': (all) => 0.9 * around(all).before + all[all.length - 1],
  'w − α(μ·v + g), v after': (all) => 0.9 * around(all).after + all[all.length - 1],
}
function roll(taken: (gradients: number[]) => number, steps: number): number[] {
  const [ws, gradients] = [[2], [] as number[]]
  for (let step = 0; step < steps; step++) {
    gradients.push(2 * ws[step])
    ws.push(ws[step] - 0.1 * taken(gradients))
  }
  return ws.slice(1)
}
const square = { start: 2, gradient: (w: number) => 2 * w, steps: 4 }
const spelled: Record<string, number[]> = {
  ...Object.fromEntries(Object.entries(spellings).map(([name, rule]) => [name, roll(rule, 4)])),
  "the library's sgd, momentum 0.9": (
    await trace(sgd, { ...square, options: { lr: 0.1, momentum: 0.9 } })
  ).map(({ x }) => x),
  "the library's sgd, nesterov": (
    await trace(sgd, { ...square, options: { lr: 0.1, momentum: 0.9, nesterov: true } })
  ).map(({ x }) => x),
}
records(
  Object.entries(spelled).map(([rule, ws]) => ({
    rule: rule,
    'w₁': ws[0],
    'w₂': ws[1],
    'w₃': ws[2],
    'w₄': ws[3],
  })),
  { digits: 4, caption: 'w at each of four steps on w² from 2, α = 0.1, μ = 0.9' },
)

// %% [markdown]
// With the velocity _before_ the step it is the heavy ball. With the velocity _after_ it, it is another method, and a famous one: **Nesterov momentum**.
//
// $$v \leftarrow \mu v + g \qquad p \leftarrow p - \alpha\,(g + \mu v)$$
//
// It looks ahead: it steps as if the velocity had been applied already, so it starts to brake one step earlier. (Some libraries put α into the velocity, v ← μv − αg, p ← p + v. For a constant α the
// positions are the same. Others average, v ← μv + (1 − μ)g, and then α must be 1 / (1 − μ) times larger for the same path. Read which one yours uses before you copy a learning rate.)
//
// ## Four walks
//
// Back to the valley: plain SGD just below its limit, both kinds of momentum, and Adam of lesson 01.

// %% id=paths
const shown = {
  'SGD 0.019': walks[0],
  'momentum 0.9, α 0.003': await walkValley((p) => sgd(p, { lr: 0.003, momentum: 0.9 })),
  'Nesterov 0.9, α 0.003': await walkValley((p) =>
    sgd(p, { lr: 0.003, momentum: 0.9, nesterov: true }),
  ),
  'Adam, α 0.3': await walkValley((p) => adam(p, { lr: 0.3 })),
}
const crossings = (path: { y: number }[]): number =>
  path.slice(1).filter(({ y }, k) => y * path[k].y < 0).length
display(
  panels(
    Object.entries(shown).map(([name, path]) =>
      contourPlot(valley, {
        ...map,
        title: name,
        paths: { path: path },
        alt: `${name}: the path from (−10, 1) crosses the floor of the valley ${crossings(path)} times.`,
      }),
    ),
    { title: 'Four walks through the valley (50 steps)' },
  ),
)
lines({
  title: 'Loss at each of 50 steps',
  alt: 'The loss of SGD falls slowly and evenly; those of both kinds of momentum and of Adam fall faster, in waves.',
  xTitle: 'step',
  yTitle: 'loss',
  logY: true,
  series: Object.entries(shown).map(([name, path]) => ({
    name: name,
    y: path.map(({ loss }) => loss),
  })),
})

// %% id=lengths
function lengthOf(path: { x: number; y: number }[]): number {
  return path.slice(1).reduce((sum, p, k) => sum + Math.hypot(p.x - path[k].x, p.y - path[k].y), 0)
}
records(
  Object.entries(shown).map(([name, path]) => ({
    walk: name,
    'length of the path': lengthOf(path),
    'times y changed its sign': crossings(path),
    'loss after 50 steps': path[50].loss,
  })),
  {
    digits: { 'length of the path': 1, 'loss after 50 steps': 3 },
    caption: `The straight way is ${Math.hypot(10, 1).toFixed(2)} long`,
  },
)

// %% [markdown]
// SGD crosses the valley at every step, so its path is the longest, and after 50 steps its loss is the highest. Momentum swings as well, in waves, and rolls past the minimum; Nesterov brakes a little earlier.
// Adam divides by the size of the gradient, so the steepness of the walls hardly matters to it: its path is the straightest of the four. These are four settings out of many, though. Which is faster is a question about the best setting of each.
//
// ## Every learning rate, six methods
//
// For each learning rate, count the steps until the loss is below 0.01 and stays there (at most 300).

// %% id=sweep
const grid = Array.from({ length: 40 }, (_, k) => 0.002 * 1.08 ** k)
async function stepsNeeded(lr: number, momentum: number, nesterov = false): Promise<number> {
  const path = await walkValley((p) => sgd(p, { lr: lr, momentum: momentum, nesterov: nesterov }), {
    steps: 300,
  })
  const last = path.map(({ loss }) => loss < 0.01).lastIndexOf(false)
  return last < 300 ? last + 1 : Number.NaN
}
const arms: Record<string, [momentum: number, nesterov?: boolean]> = {
  'no momentum': [0],
  'momentum 0.5': [0.5],
  'momentum 0.8': [0.8],
  'momentum 0.9': [0.9],
  'Nesterov 0.8': [0.8, true],
  'Nesterov 0.9': [0.9, true],
}
const needed: Record<string, number[]> = {}
for (const [name, [momentum, nesterov]] of Object.entries(arms)) {
  needed[name] = []
  for (const lr of grid) needed[name].push(await stepsNeeded(lr, momentum, nesterov))
}
display(
  lines({
    title: 'Steps until the loss stays below 0.01 (a gap: more than 300)',
    alt: 'One curve for each method: it falls as the learning rate grows, has its lowest point at a rate of its own, and ends at its limit.',
    xTitle: 'learning rate α',
    yTitle: 'steps',
    logX: true,
    series: Object.entries(needed).map(([name, steps]) => ({
      name: name,
      x: grid,
      y: steps,
    })),
  }),
)
const best = Object.entries(needed).map(([name, steps]) => {
  const fewest = Math.min(...steps.filter(Number.isFinite))
  return {
    method: name,
    'fewest steps': fewest,
    'at α': grid[steps.indexOf(fewest)],
    'largest α that arrived': grid[steps.map(Number.isFinite).lastIndexOf(true)],
  }
})
const fewest = (name: string): number =>
  best.find(({ method }) => method === name)?.['fewest steps'] ?? Number.NaN
const gain = fewest('no momentum') / Math.min(...best.map((row) => row['fewest steps']))
records(best, {
  digits: { 'fewest steps': 0, 'at α': 4, 'largest α that arrived': 4 },
  caption: `Best against best: ${gain.toFixed(1)} times fewer steps; you guessed ${guess.timesFewerSteps}`,
})

// %% [markdown]
// The comparison is fair: each method has its own best rate. Momentum needs fewer steps; with 0.8 or more its best α is below that of plain SGD. More momentum is not always better: 0.9 swings longer than 0.8 in this valley. And the last column says something that is often
// left out: **Nesterov's limit is lower than the heavy ball's.** For a curvature λ the limits are
//
// $$\text{SGD: } \frac{2}{\lambda} \qquad \text{heavy ball: } \frac{2(1+\mu)}{\lambda} \qquad \text{Nesterov: } \frac{2(1+\mu)}{(1+2\mu)\,\lambda}$$
//
// (Weight and velocity after a step follow from those before it by a 2 × 2 matrix. It has two eigenvalues, factors as 1 − αλ was one; the limit is where one of them reaches −1.) Check all three, 2 % below and 2 % above:

// %% id=limits
const limitOf = {
  SGD: valleyStep(),
  'heavy ball 0.9': (2 * 1.9) / 100,
  'Nesterov 0.9': (2 * 1.9) / 2.8 / 100,
}
type Method = keyof typeof limitOf
const afterLong = async (method: Method, share: number): Promise<number> => {
  const options = { momentum: method === 'SGD' ? 0 : 0.9, nesterov: method === 'Nesterov 0.9' }
  const lr = share * limitOf[method]
  return (await walkValley((p) => sgd(p, { lr: lr, ...options }), { steps: 1000 }))[1000].loss
}
const limitRows: { method: string; limit: number; below: number; above: number }[] = []
for (const method of Object.keys(limitOf) as Method[])
  limitRows.push({
    method: method,
    limit: limitOf[method],
    below: await afterLong(method, 0.98),
    above: await afterLong(method, 1.02),
  })
records(limitRows, {
  caption: 'Loss after 1000 steps, 2 % below the limit and 2 % above it (it began at 150)',
})

// %% [markdown]
// ## Move it yourself
//
// Two sliders: the learning rate and μ. The picture is computed anew at each position. Try: find the limit of both methods by hand; at α = 0.01, find the μ that brings the ball's loss lowest; set
// μ = 0.99 and watch it roll past the minimum. (Without JupyterLab the picture of the first position is what you see.)

// %% id=sliders
await sliders(
  {
    lr: { min: 0.001, max: 0.04, value: 0.008, log: true, label: 'learning rate α' },
    momentum: { min: 0, max: 0.99, step: 0.01, value: 0.8, label: 'momentum μ' },
  },
  async ({ lr, momentum }) => {
    const ball = await walkValley((p) => sgd(p, { lr: lr, momentum: momentum }))
    const ahead = await walkValley((p) =>
      sgd(p, { lr: lr, momentum: momentum, nesterov: momentum > 0 }),
    )
    return contourPlot(valley, {
      ...map,
      title: `50 steps, loss ${ball[50].loss.toPrecision(2)} (heavy ball) and ${ahead[50].loss.toPrecision(2)} (Nesterov)`,
      paths: { 'heavy ball': ball, Nesterov: ahead },
      alt: `The paths of the heavy ball and of Nesterov from (−10, 1); they cross the floor ${crossings(ball)} and ${crossings(ahead)} times.`,
    })
  },
)

// %% [markdown]
// ## Does it hold outside the valley?
//
// Real data: 569 tumours, 30 measurements each (Wisconsin breast cancer data). We fit a straight line, least squares, to malignant or benign: the loss is a quadratic function of 31 numbers, so it has curvatures too. The largest is found by _power
// iteration_: multiply a vector by the Hessian again and again; what remains is the steepest direction.

// %% id=curvature
const { sets } = standardize(await breastCancer())
const rows = sets[0].x.map((row) => [...row, 1])
/** The Hessian of the mean squared error, 2·XᵀX / n, times a vector. */
function hessianTimes(v: number[]): number[] {
  const out = v.map(() => 0)
  for (const row of rows) {
    const along = (2 / rows.length) * row.reduce((sum, x, i) => sum + x * v[i], 0)
    row.forEach((x, i) => {
      out[i] += x * along
    })
  }
  return out
}
let direction = rows[0].map((_, i) => 1 + (i % 3))
let steepest = 0
for (let k = 0; k < 100; k++) {
  const next = hessianTimes(direction)
  steepest = Math.hypot(...next)
  direction = next.map((x) => x / steepest)
}
const dataLimit = 2 / steepest
console.log(`λmax = ${steepest.toFixed(2)}, so the limit of SGD is ${dataLimit.toFixed(4)}`)

// %% id=real
const inputs = tensor(sets[0].x)
const targets = tensor(sets[0].y.map((y) => [y]))
async function lossOf(
  options: { lr: number; momentum?: number; nesterov?: boolean },
  steps = 200,
): Promise<number[]> {
  const weights = parameter(sets[0].features.map(() => [0]))
  const bias = parameter([0])
  const optimizer = sgd([weights, bias], options)
  const losses: number[] = []
  for (let step = 0; step < steps; step++) {
    optimizer.zeroGrad()
    const loss = mse(inputs.matmul(weights).add(bias), targets)
    losses.push(await loss.item())
    loss.backward()
    optimizer.step()
  }
  return losses
}
const nesterov = { momentum: 0.9, nesterov: true }
const real = {
  'SGD, 0.95 of its limit': await lossOf({ lr: 0.95 * dataLimit }),
  'SGD, 1.05 of its limit': await lossOf({ lr: 1.05 * dataLimit }),
  'heavy ball 0.9, half of SGD’s limit': await lossOf({ lr: 0.5 * dataLimit, momentum: 0.9 }),
  'Nesterov 0.9, half of SGD’s limit': await lossOf({ lr: 0.5 * dataLimit, ...nesterov }),
}
display(
  lines({
    title: 'Least squares on the breast cancer data (all rows in each step)',
    alt: 'The error of SGD above its limit swings up and leaves the figure; those of the three other runs fall and level off.',
    xTitle: 'step',
    yTitle: 'mean squared error',
    logY: true,
    series: Object.entries(real).map(([name, losses]) => ({
      name: name,
      y: losses.map((loss) => (loss < 2 ? loss : Number.NaN)),
    })),
  }),
)
records(
  Object.entries(real).map(([run, losses]) => ({
    run: run,
    'after 20 steps': losses[20],
    'after 50 steps': losses[50],
    'after 199 steps': losses[199],
  })),
  { caption: 'Mean squared error (no randomness: the same weights and all rows each time)' },
)

// %% [markdown]
// The limit of the toy valley decides here as well, in 31 dimensions. (The line of the _diverging_ run ends where it leaves the figure.) A network's loss is not a quadratic, so its λmax changes while it trains, but around each point the same rule is at work: **a loss that oscillates and then explodes
// asks for a smaller learning rate.**
//
// ## Noise
//
// With small batches the gradient is noisy. Does momentum help against that? Let us sit at the bottom of the valley, add noise to each gradient, and see how high the noise keeps the loss, its _floor_. Ten _seeds_ (starts of the random numbers) for each row of the table, with their mean and
// _standard deviation_ (how far they typically lie from their mean: the root of the mean squared distance).

// %% id=noise
async function floorOf(lr: number, momentum: number, seed: number): Promise<number> {
  const random = seededRandom(seed)
  const noise = () => 5 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const noisy = (params: Tensor[]) => {
    const optimizer = sgd(params, { lr: lr, momentum: momentum })
    return {
      zeroGrad: () => optimizer.zeroGrad(),
      step() {
        params[0].grad = params[0].grad?.add(tensor([noise(), noise()])) ?? null
        optimizer.step()
      },
    }
  }
  const path = await walkValley(noisy, { start: [0, 0], steps: 400 })
  return path.slice(200).reduce((sum, { loss }) => sum + loss / 201, 0)
}
async function floors(lr: number, momentum: number) {
  const all: number[] = []
  for (let seed = 1; seed <= 10; seed++) all.push(await floorOf(lr, momentum, seed))
  const mean = all.reduce((sum, x) => sum + x / all.length, 0)
  const sd = Math.sqrt(all.reduce((sum, x) => sum + (x - mean) ** 2 / (all.length - 1), 0))
  return { α: lr, μ: momentum, 'α / (1 − μ)': lr / (1 - momentum), mean: mean, sd: sd }
}
const noiseRows = [
  await floors(0.01, 0),
  await floors(0.001, 0.9),
  await floors(0.0005, 0.95),
  await floors(0.01, 0.9),
  await floors(0.01, 0.95),
]
records(noiseRows, {
  digits: { α: 4, μ: 2, 'α / (1 − μ)': 3, mean: 3, sd: 3 },
  caption: 'Loss at which noise keeps the walk: mean and standard deviation over 10 seeds',
})

// %% [markdown]
// With the same α, more momentum means more noise: the steps are longer. With the same α / (1 − μ) the floor is about the same or lower. So the common advice
//
// | batch | μ |
// | --- | --- |
// | usual | 0.9 |
// | noisy, small | 0.95 to 0.99 |
// | very large | 0.85 |
// | looking for a mistake | 0 |
//
// is a rule of thumb that leaves out half: it works only together with an α that is lowered by the same factor as 1 − μ. And the usual starting points, for SGD with or without momentum: α from 0.01 to 0.1 (0.1 with a schedule that brings it down), 0.001 to 0.01 for small
// batches. SGD is at home in _convex_ problems (a single valley), in convolutional networks with a schedule, and with large batches. It needs no memory besides the weights, momentum one number for each. Its known weakness is this valley. For convolutional networks Nesterov is often
// the better default (a rule of thumb as well); among the six methods above its best rate needs the fewest steps, though its limit is lower.
//
// ## Your turn: momentum
//
// Write `momentumStep(w, g, v, options)` with plain numbers: the weight, its gradient, the velocity (0 before the first step) and `{ lr, momentum }`. Return `{ w, v }`. The velocity may be v ← μv + g with w ← w − αv,
// or v ← μv − αg with w ← w + v: both are right. The averaging form is not asked for. Numbers are compared to 10⁻⁹.

// %% exercise=momentum-step
interface Rates {
  lr: number
  momentum: number
}
interface Moved {
  w: number
  v: number
}

function momentumStep(w: number, g: number, v: number, { lr, momentum }: Rates): Moved {
  // BEGIN SOLUTION
  const velocity = momentum * v + g
  return { w: w - lr * velocity, v: velocity }
  // END SOLUTION
}

// %% check=momentum-step
await check('momentum-step', momentumStep)

// %% [markdown]
// ## Your turn: Nesterov
//
// Write `nesterovStep(w, g, v, options)`, with the same arguments and the same result. `g` is the gradient at `w`, as in the formula above.

// %% exercise=nesterov-step
function nesterovStep(w: number, g: number, v: number, { lr, momentum }: Rates): Moved {
  // BEGIN SOLUTION
  const velocity = momentum * v + g
  return { w: w - lr * (g + momentum * velocity), v: velocity }
  // END SOLUTION
}

// %% check=nesterov-step
await check('nesterov-step', nesterovStep)

// %% [markdown]
// ## Your turn: the limit
//
// Write `largestRate(curvatures, momentum)`: the limit of the heavy ball for a list of positive curvatures. With momentum 0 it is that of SGD.

// %% exercise=largest-rate
function largestRate(curvatures: number[], momentum: number): number {
  // BEGIN SOLUTION
  return (2 * (1 + momentum)) / Math.max(...curvatures)
  // END SOLUTION
}

// %% check=largest-rate
await check('largest-rate', largestRate)

// %% [markdown]
// ## True or false?
//
// Write `true` or `false` for each, then run both cells.
//
// 1. At 95 % of the limit, SGD is close to its best.
// 2. With μ = 0.9 and a steady gradient, a step is ten times as long as without.
// 3. Momentum 0.9 is always better than 0.8.
// 4. Nesterov may be given every learning rate that the heavy ball can take.
// 5. With noisy gradients, momentum 0.9 at the same α keeps the loss lower.
// 6. An α that is too large for plain SGD may be small enough for the heavy ball.

// %% id=quiz
const answers = [true, true, true, true, true, true]

// %% id=quiz-answers
const at95 = await stepsNeeded(0.019, 0)
const largestOf = (name: string): number =>
  best.find(({ method }) => method === name)?.['largest α that arrived'] ?? Number.NaN
const facts = [
  {
    is: at95 < 1.1 * fewest('no momentum'),
    because: `it needs ${at95} steps, the best rate of the grid ${fewest('no momentum')}: close to the limit is not yet too far`,
  },
  {
    is: Math.abs(steady(0.9) - 10) < 1e-6,
    because: 'the table of the steady gradient: 1 / (1 − μ)',
  },
  {
    is: fewest('momentum 0.9') < fewest('momentum 0.8'),
    because: `in the valley, best against best: ${fewest('momentum 0.9')} steps against ${fewest('momentum 0.8')}`,
  },
  {
    is: limitOf['Nesterov 0.9'] >= limitOf['heavy ball 0.9'],
    because: 'the table of limits: Nesterov’s is lower by the factor 1 + 2μ',
  },
  {
    is: noiseRows[3].mean < noiseRows[0].mean,
    because: `the table of noise: ${noiseRows[3].mean.toFixed(2)} against ${noiseRows[0].mean.toFixed(2)}, for the steps get longer. Lower α as you add momentum`,
  },
  {
    is: largestOf('momentum 0.9') > limitOf.SGD,
    because: `it arrived with ${largestOf('momentum 0.9').toFixed(4)}, the limit of SGD is ${limitOf.SGD}. When a loss explodes, lower α all the same: a noisy one would stay high`,
  },
]
quiz(answers, facts)

// %% [markdown]
// ## To keep
//
// - **Symptom:** the training loss jumps up and down, more and more. **Look at** whether neighbouring steps point in opposite directions: then α is near 2/λmax.
// - **First move:** divide α by 3. If the loss falls steadily but slowly instead: momentum 0.9, and compare at the best α of both. **Which curve should move:** the training loss, within tens of steps.
// - **Read next:** Polyak, _Some methods of speeding up the convergence of iteration methods_ (1964), the heavy ball; Nesterov, _A method for solving the convex programming problem with convergence rate O(1/k²)_ (1983); Sutskever, Martens, Dahl
//   and Hinton, _On the importance of initialization and momentum in deep learning_ (2013), section 2; Goh, _Why Momentum Really Works_ (2017), with figures that move.
//
// **On to [lesson 05](05-adaptive-methods.ipynb):** a learning rate of its own for each weight.
//
// [All lessons](00-start-here.ipynb) · [Glossary](glossary.ipynb)
