// %% [markdown]
// # Three steps of Adam
//
// **The question.** _Gradient descent_ moves by α, the _learning rate_, times the _gradient_, the slope: a steep place makes a long step. Adam divides the gradient by
// its own recent size. So how long is a step of Adam, and what decides it?
//
// You will follow Adam for three steps with every number in sight, find a cell that a printed table got slightly wrong, and then
// write the step yourself. About 25 minutes. Nothing is needed but the derivative of x². A cell of code runs when you click into it and press Shift+Enter; run them from top to bottom. What all of this is for, and how a lesson goes, is told in [start here](00-start-here.ipynb).

// %%
import {
  adam,
  check,
  descentPlot,
  display,
  quiz,
  records,
  sgd,
  threeAdamSteps,
  trace,
  useBackend,
} from 'downhill'

// %% [markdown]
// ## The rule
//
// _Adam_ is an _optimizer_: a rule that moves _parameters_ by their gradients until a function, the _loss_, is small. It keeps two _running averages_ for each parameter: m of the gradient g, and v of its square.
//
// $$m \leftarrow \beta_1 m + (1-\beta_1)\,g \qquad v \leftarrow \beta_2 v + (1-\beta_2)\,g^2$$
//
// Both start at 0, so at first they are far too small. At step t (the first step is t = 1) a division puts that right:
//
// $$\hat m = \frac{m}{1-\beta_1^{\,t}} \qquad \hat v = \frac{v}{1-\beta_2^{\,t}}$$
//
// Then the parameter moves:
//
// $$x \leftarrow x - \alpha\,\frac{\hat m}{\sqrt{\hat v}+\varepsilon}$$
//
// Here α = 0.01, β₁ = 0.9 and β₂ = 0.999, and ε = 10⁻⁸ only keeps the quotient from being 0 / 0.

// %% [markdown]
// ## Guess before you run
//
// Take f(x) = x² and start at x = 2. The gradient is 2x, so at the start it is 4.
//
// Where is x after the first step? And where, if the function were 1000·x², with a gradient of 4000? Put your guesses in place of the two numbers, and run the cell: a wrong
// guess is worth more than none, since you will remember what corrected it.

// %% id=guess
const guess = { once: 1.96, thousandfold: -38 }

// %% [markdown]
// ## The trace
//
// `trace` runs the library's own Adam on one number, in float64 (numbers of about 16 digits), and reports every intermediate of the rule. The hats are spelled
// `mHat` and `vHat`. Change `x0` and run the cell again whenever you like.

// %% id=trace
const x0 = 2
const rows = await trace(adam, {
  start: x0,
  gradient: (x) => 2 * x,
  steps: 3,
  options: { lr: 0.01 },
})
const digits = { g: 4, m: 4, v: 6, mHat: 4, vHat: 4, x: 4 }
records(rows, { digits, caption: `Adam on x² from ${x0}, α = 0.01` })

// %% [markdown]
// Look along the row t = 1. m is a tenth of g and v a thousandth of g², and the corrections undo exactly that: m̂ = g and v̂ = g². The
// quotient m̂ / √v̂ is 1, or −1 for a negative gradient. **The first step of Adam has length α, whatever the gradient.** The next steps
// are nearly as long, because the gradient has hardly changed.
//
// Compare with what you guessed:

// %% id=first-step
const first = async (scale: number): Promise<number> => {
  const [row] = await trace(adam, {
    start: 2,
    gradient: (x) => scale * 2 * x,
    steps: 1,
    options: { lr: 0.01 },
  })
  return row.x
}
records(
  [
    { f: 'x²', 'your guess': guess.once, Adam: await first(1) },
    { f: '1000·x²', 'your guess': guess.thousandfold, Adam: await first(1000) },
  ],
  { digits: 4, caption: 'x after one step from 2' },
)

// %% [markdown]
// 1.96 and −38 are what plain gradient descent, _SGD_, would have done: 2 − 0.01·4 and 2 − 0.01·4000.
//
// ## A printed table, and one digit in it
//
// A teaching text works this example by hand, rounding as it goes. Here are its digits. Below them, the float64 trace is printed to the
// same number of digits, and compared cell by cell.

// %% id=printed
const worked = await threeAdamSteps()
records(worked.printed, { caption: 'As printed: every intermediate rounded by hand' })

// %% id=compare
const exact = worked.rows
records(worked.computed, {
  caption: 'Computed in float64, to the same digits',
  mark: (row, column) => {
    const there = worked.printed[row.t - 1][column]
    return row[column] === there ? undefined : `differs: printed ${there}`
  },
})

// %% [markdown]
// One cell differs: v̂ at t = 2. Nothing is wrong with the rule. The text divided a v that it had already rounded to six places. Do
// both divisions:

// %% id=why
const v2 = exact[1].v
const roundedV2 = Number(v2.toFixed(6))
records(
  [
    { v: String(v2), 'v / (1 − 0.999²)': v2 / (1 - 0.999 ** 2) },
    { v: String(roundedV2), 'v / (1 − 0.999²)': roundedV2 / (1 - 0.999 ** 2) },
  ],
  { digits: 5, caption: 'v̂ at t = 2 from the full v, and from the rounded one' },
)

// %% [markdown]
// 1 − 0.999² is about 0.002, so the division makes an error in v five hundred times larger. x does not notice: it depends on the
// root, and only through a step of length 0.01. Keep the habit, though: round what you print, never what you go on with.
//
// ## The length of a step
//
// Now three functions that differ only in scale, and plain gradient descent beside them. One figure shows the length of the first 30
// steps of each, on a logarithmic axis.

// %% id=step-lengths
const xs = (path: readonly { x: number }[]): number[] => [2, ...path.map((row) => row.x)]
const walk = (scale: number, steps: number) => ({
  start: 2,
  gradient: (x: number) => scale * 2 * x,
  steps,
  options: { lr: 0.01 },
})
descentPlot(
  {
    'Adam, x²': xs(await trace(adam, walk(1, 30))),
    'Adam, 1000·x²': xs(await trace(adam, walk(1000, 30))),
    'SGD, x²': xs(await trace(sgd, walk(1, 30))),
    'SGD, x² / 1000': xs(await trace(sgd, walk(0.001, 30))),
  },
  {
    show: 'step size',
    logY: true,
    title: 'How far each step moves x (α = 0.01)',
    alt: 'The two lines of Adam lie on each other just below 0.01. The line of SGD on x² lies above them and falls slowly; that of SGD on x² / 1000 lies far below.',
  },
)

// %% [markdown]
// Adam's two lines lie on each other, just below α = 0.01: multiplying the function by 1000 changes nothing. The steps of SGD
// follow the gradient, so the scale of the function is the scale of the step. This is why one learning rate of Adam does well on many
// problems, and why its value means something you can picture: _about how far a parameter may move in one step_.
//
// It also has a price. From 2 to 0 at 0.01 a step is 200 steps at the very least, however steep the way. Here are 400 of them:

// %% id=path
const path = await trace(adam, walk(1, 400))
display(
  records(
    path
      .filter(({ t }) => t % 100 === 0)
      .map(({ t, mHat, vHat, x }) => ({ t, x, 'm̂ / √v̂': mHat / Math.sqrt(vHat) })),
    { digits: { t: 0, x: 3, 'm̂ / √v̂': 3 }, caption: 'Adam, every hundredth step' },
  ),
)
descentPlot(
  { Adam: xs(path), SGD: xs(await trace(sgd, walk(1, 400))) },
  {
    title: 'x at each of 400 steps on x² (α = 0.01)',
    alt: 'Both fall from 2 towards 0: SGD quickly at first and then ever more slowly, Adam nearly in a straight line, and it arrives much later.',
  },
)

// %% [markdown]
// It takes longer than 200. The gradient shrinks on the way down, while v̂ still remembers the larger ones: the quotient falls below 1
// and the steps get shorter. Near a minimum that is welcome.

// %% [markdown]
// ## Your turn: one step of Adam
//
// Write `adamStep(x, g, state, options)`. It takes plain numbers and returns plain numbers:
//
// - `x` is the parameter and `g` its gradient at x;
// - `state`, the _state_ of the optimizer, is `{ m, v, t }`: the two averages and the number of steps **already done** (all 0 at the start);
// - `options` is `{ lr, beta1, beta2, eps }`, lr being α;
// - return `{ x, m, v, t }`: the new parameter, the new averages **before** their correction, and the new count.
//
// ε goes beside the root, √v̂ + ε, as in Algorithm 1 of Adam's paper and in PyTorch, a much used library. The order that the paper calls more efficient, with ε
// beside the uncorrected √v, passes as well. Numbers are compared to 10⁻⁶.

// %% exercise=adam-step
interface State {
  m: number
  v: number
  t: number
}
interface Options {
  lr: number
  beta1: number
  beta2: number
  eps: number
}

function adamStep(x: number, g: number, state: State, options: Options): State & { x: number } {
  // BEGIN SOLUTION
  const { lr, beta1, beta2, eps } = options
  const t = state.t + 1
  const m = beta1 * state.m + (1 - beta1) * g
  const v = beta2 * state.v + (1 - beta2) * g * g
  const mHat = m / (1 - beta1 ** t)
  const vHat = v / (1 - beta2 ** t)
  return { x: x - (lr * mHat) / (Math.sqrt(vHat) + eps), m, v, t }
  // END SOLUTION
}

// %% check=adam-step
await check('adam-step', adamStep)

// %% [markdown]
// The table names the line of the rule that each check tests. When your work is marked, further checks run on other numbers: other β,
// a state from the middle of a run, a gradient of 0 and a tiny one. Nothing in your function should know the numbers of this page.
//
// ## The same rule on every machine
//
// The library holds Adam once, as a rule for one number, and makes of it what a machine can run: `reference` is JavaScript in float64; `simd`, the default, WebAssembly
// in float32; `gpu` a kernel for gpu.js, which runs on WebAssembly too where no graphics card is. _float32_ has about 7 digits, _float64_ 16. The bound for
// three steps is 10⁻⁶ · max(1, |reference|) for every number in the table. How fast each machine is, and why, is measured in the notebook `speed.ipynb`.

// %% id=machines
const bound = 1e-6
const columns = ['g', 'm', 'v', 'mHat', 'vHat', 'x'] as const
const machines = []
for (const name of ['reference', 'simd', 'gpu'] as const) {
  const machine = await useBackend(name)
  const there = await trace(adam, {
    start: 2,
    gradient: (x) => 2 * x,
    steps: 3,
    options: { lr: 0.01 },
    backend: name,
  })
  const distances = there.flatMap((row, i) =>
    columns.map((column) => {
      const here = exact[i][column]
      return Math.abs(row[column] - here) / Math.max(1, Math.abs(here))
    }),
  )
  const largest = Math.max(...distances)
  machines.push({
    machine,
    'x after 3 steps': there[2].x.toFixed(9),
    'largest distance': largest,
    'within 10⁻⁶': largest <= bound,
  })
}
await useBackend('auto')
records(machines, { caption: 'The same three steps on three machines' })

// %% [markdown]
// ## True or false?
//
// Write `true` or `false` for each, then run both cells.
//
// 1. On 1000·x² Adam takes longer steps than on x².
// 2. Without the corrections m̂ and v̂ the first step would be shorter.
// 3. With α = 0.01 and a gradient that keeps its size, moving by 1 takes about 100 steps.
// 4. Adam chooses its learning rate by itself, so α need not be tuned.

// %% id=quiz
const answers = [true, true, true, true]

// %% id=quiz-answers
const firstStep = async (scale: number) => 2 - (await trace(adam, walk(scale, 1)))[0].x
const gentle = await firstStep(1)
const steep = await firstStep(1000)
const uncorrected = (0.01 * Math.abs(rows[0].m)) / Math.sqrt(rows[0].v)
const steady = await trace(adam, {
  start: 2,
  gradient: () => 1,
  steps: 100,
  options: { lr: 0.01 },
})
const moved = 2 - steady[99].x
const ends = []
for (const lr of [0.001, 0.01, 0.1]) {
  const there = await trace(adam, { ...walk(1, 100), options: { lr: lr } })
  ends.push(there[99].x)
}
const facts = [
  {
    is: steep > 1.01 * gentle,
    because: `the first step is ${gentle.toFixed(4)} long on x² and ${steep.toFixed(4)} on 1000·x²: the size cancels; what remains is how steep it is now compared with the steps before`,
  },
  {
    is: uncorrected < 0.01,
    because: `m alone is a tenth of g, but √v is only 0.032 of |g|: the step would be ${uncorrected.toFixed(4)} long in place of 0.01`,
  },
  {
    is: Math.abs(moved - 1) < 0.05,
    because: `with a gradient of 1 all the time, 100 steps move by ${moved.toFixed(3)}: each is about α`,
  },
  {
    is: ends.every((x) => Math.abs(x) < 0.5),
    because: `after 100 steps on x² from 2 it is at ${ends.map((x) => x.toFixed(2)).join(', ')} with α = 0.001, 0.01, 0.1: α is the length of the step, and a small one does not arrive`,
  },
]
quiz(answers, facts)

// %% [markdown]
// ## To keep
//
// Every lesson ends so: what one sees when something is wrong, the _symptom_; what to do first; what to read.
//
// - **Symptom:** Adam's loss falls in a straight line, slowly. **Look at** how far the parameters, or _weights_, have to go, divided by α: it takes at least that many steps.
// - **First move:** change α by a factor of 2 or 3, before anything else. **Which curve should move:** the _training loss_ (here f), at once.
// - **Read next:** Kingma and Ba, _Adam: A Method for Stochastic Optimization_ (2015), sections 2 and 3: where the corrections come from.
//
// **On to [lesson 02](02-gradient-clipping.ipynb):** what to do when one gradient is suddenly huge.
//
// [All lessons](00-start-here.ipynb) · [Glossary](glossary.ipynb)
