// The source of notebooks/kernel-tour.ipynb: change it here, then run `downhill lessons build tour`.

// %% [markdown]
// # A tour of the kernel
//
// You know Jupyter and TypeScript. Here is what this kernel makes of the two: one small thing a cell, most of them worth changing and running again.
// Run All takes about ten seconds and reaches the end.
//
// Three cells **fail on purpose**, to show how an error looks. Each is announced.

// %% [markdown]
// ## Types
//
// Every cell is checked before it runs. Types, like values, stay for later cells, and `export` is welcome although nobody needs it.

// %% id=types
export interface Run {
  optimizer: 'sgd' | 'adam'
  rate: number
  loss: number
}
const runs: Run[] = [
  { optimizer: 'sgd', rate: 0.1, loss: 0.31 },
  { optimizer: 'adam', rate: 0.01, loss: 0.12 },
]
const best = (all: readonly Run[]) => all.toSorted((a, b) => a.loss - b.loss)[0]

// %% [markdown]
// The last expression is the result. Try completion here: write `best(runs).` and press Tab. Shift-Tab on a name shows its type and documentation.

// %% id=result
best(runs)

// %% [markdown]
// The library `downhill` is there without installation, and knows its options.

// %% id=import
import { schedulePlot, tensor, warmupCosine } from 'downhill'

// %% [markdown]
// **This cell fails on purpose.** An option is misspelt. The checker refuses the cell before any of it runs, shows the line, and knows what was meant.

// %% id=type-error tag=raises-exception
console.log('this line is not reached')
const typo = warmupCosine({ peak: 0.001, warmUp: 100, total: 1000 })

// %% [markdown]
// Nothing of that cell happened, and the next one runs. For JavaScript habits, one cell may go unchecked:

// %% [verbatim] id=unchecked
// %%typecheck off
// const anything = { lr: 0.1 }
// anything.momentum = 0.9 // TypeScript would refuse this
// anything

// %% [markdown]
// A name can be declared again, in another cell and with another type. Closures are live: what was defined before sees the value of now.

// %% id=closure
let rate = 0.1
const doubled = () => rate * 2
doubled()

// %% id=live
rate = 0.25
doubled()

// %% [verbatim] id=redeclared
// const rate = 'a quarter' // was a number
// rate.toUpperCase()

// %% [markdown]
// Enums, namespaces and decorators are TypeScript, so they are here.

// %% id=language
enum Phase {
  Warmup = 'warmup',
  Decay = 'decay',
}
namespace Steps {
  export const warmup = 100
  export const phase = (step: number) => (step < warmup ? Phase.Warmup : Phase.Decay)
}
function counted<This, Args extends unknown[], Result>(
  method: (this: This, ...args: Args) => Result,
  { name }: ClassMethodDecoratorContext,
) {
  let calls = 0
  return function (this: This, ...args: Args): Result {
    console.log(`${String(name)}: call ${++calls}`)
    return method.apply(this, args)
  }
}
class Trainer {
  @counted
  step(at: number): Phase {
    return Steps.phase(at)
  }
}
const trainer = new Trainer()
console.log(trainer.step(99), trainer.step(100))

// %% [markdown]
// ## Waiting
//
// `await` and `for await` stand at the top of a cell.

// %% id=await
import { setTimeout as sleep } from 'node:timers/promises'

async function* losses() {
  for (const loss of [0.9, 0.5, 0.3]) {
    await sleep(100)
    yield loss
  }
}
for await (const loss of losses()) console.log('loss', loss)

// %% [markdown]
// `using` cleans up where its block ends.

// %% id=using
function timer(label: string) {
  console.log(`${label} starts`)
  return { [Symbol.dispose]: () => console.log(`${label} is over`) }
}
{
  using _epoch = timer('epoch 1')
  console.log('working')
}
console.log('after the block')

// %% [markdown]
// Output that comes after its cell has ended still goes below it. This cell is done at once, its line comes a moment later.

// %% id=late
void setTimeout(() => console.log('late, and at home'), 300)

// %% [markdown]
// ## Modules
//
// Packages are looked for beside and above the notebook, in `node_modules`, with their types; after `npm install` no restart is needed. The library `downhill` and
// `tslab` are always there. To need no network, this cell installs a package by hand.

// %% id=install
import { mkdir, writeFile } from 'node:fs/promises'

const installed = 'node_modules/half-life'
await mkdir(installed, { recursive: true })
await writeFile(
  `${installed}/package.json`,
  '{ "type": "module", "exports": { "types": "./index.d.ts", "default": "./index.js" } }',
)
await writeFile(`${installed}/index.js`, 'export const halved = (x, times) => x / 2 ** times')
await writeFile(
  `${installed}/index.d.ts`,
  'export declare const halved: (x: number, times: number) => number',
)

// %% id=package
import { halved } from 'half-life'

halved(0.8, 3)

// %% [markdown]
// A file beside the notebook is imported as it is, TypeScript and all. Here a cell writes one.

// %% [verbatim] id=write
// %%writefile tour-decay.ts
// /** Half of it every `period` steps. */
// export const decay = (step: number, period = 100): number => 0.5 ** (step / period)

// %% id=relative
import { decay } from './tour-decay.ts'

decay(200)

// %% [markdown]
// Change the file, with any editor, and import it again: no restart. The checker has noticed as well, so `decay.base` below has a type.

// %% [verbatim] id=rewrite
// %%writefile tour-decay.ts
// const base = 0.1
// /** A tenth of it every `period` steps. */
// export const decay = Object.assign(
//   (step: number, period = 100): number => base ** (step / period),
//   { base },
// )

// %% [verbatim] id=reload
// import { decay } from './tour-decay.ts'
//
// console.log(decay(100), decay(200).toFixed(2), decay.base)

// %% [markdown]
// ## Showing
//
// `display` shows any value at any time. An array of records is a table.

// %% id=table
display(runs)
display('… and text between two displays')
display(new Map([['adam', { beta1: 0.9, beta2: 0.999 }]]))

// %% [markdown]
// So is a tensor.

// %% id=tensor
tensor(
  [
    [1, 2, 3],
    [4, 5, 6],
  ],
  { name: 'weights' },
)

// %% [markdown]
// A figure is interactive where Plotly is, and the same picture without.

// %% id=figure
const schedule = warmupCosine({ peak: 0.001, warmup: 100, total: 1000 })
schedulePlot(
  { 'warmup + cosine': schedule },
  {
    steps: 1000,
    title: 'A learning rate',
    alt: 'The rate climbs to 0.001 in 100 steps and falls to 0 along half a cosine.',
  },
)

// %% [markdown]
// Formulas, Markdown, HTML, drawings, JSON that folds: each has a function.

// %% id=latex
display.latex(String.raw`$$p \leftarrow p - \alpha\,\frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$`)

// %% id=markdown
const { optimizer, loss } = best(runs)
display.markdown(
  `After **${runs.length} runs** the best is _${optimizer}_, with a loss of $${loss}$.`,
)

// %% id=html
display.html('<b style="color: #0072b2">HTML</b> with <kbd>keys</kbd> and <mark>marks</mark>')

// %% id=svg
const bars = runs.map(({ optimizer, loss }, row) => {
  const bar = `<rect x="60" y="${row * 30 + 5}" width="${loss * 600}" height="20" fill="#0072b2"/>`
  const name = `<text x="52" y="${row * 30 + 20}" text-anchor="end">${optimizer}</text>`
  return bar + name
})
display.svg(`<svg xmlns="http://www.w3.org/2000/svg" width="260" height="62" font-size="14">
  <title>Loss by optimizer</title>${bars.join('')}
</svg>`)

// %% id=json
display.json({ optimizer: 'adam', options: { lr: 0.01, betas: [0.9, 0.999] } })

// %% [markdown]
// Bytes that are a picture (PNG, JPEG, GIF) are shown as one, with any package that makes them. Here is a PNG by hand: the height of a valley at each point.

// %% id=png
import { crc32, deflateSync } from 'node:zlib'

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const frame = Buffer.alloc(body.length + 8)
  frame.writeUInt32BE(data.length, 0)
  frame.set(body, 4)
  frame.writeUInt32BE(crc32(body), body.length + 4)
  return frame
}
function greyPng(width: number, height: number, light: (x: number, y: number) => number): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = 8 // bits; the rest is 0: grey
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      rows[y * (width + 1) + x + 1] = 255 * light(x / width, y / height)
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
  const chunks = [
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]
  return Buffer.concat([signature, ...chunks])
}
// Rosenbrock's valley on a logarithmic scale.
greyPng(320, 200, (u, v) => {
  const [x, y] = [4 * u - 2, 3 - 4 * v]
  return Math.log1p((1 - x) ** 2 + 100 * (y - x * x) ** 2) / Math.log1p(2500)
})

// %% [markdown]
// Your own class shows itself through `Symbol.for('Jupyter.display')`, as in Deno: one representation for each who may look.

// %% id=own
class Norm {
  constructor(readonly values: readonly number[]) {}
  [Symbol.for('Jupyter.display')]() {
    const norm = Math.hypot(...this.values)
    return {
      'text/plain': `norm ${norm}`,
      'text/latex': `$\\lVert g \\rVert_2 = ${norm}$`,
    }
  }
}
new Norm([3, 4])

// %% [markdown]
// Notebooks that were written for the tslab kernel find their `tslab.display`.

// %% id=tslab
import * as tslab from 'tslab'

tslab.display.markdown('Shown by `tslab.display.markdown`')

// %% [markdown]
// ## What moves
//
// A display can be replaced, here from 0 to 100 %, as often as you like; `clearOutput` removes all that the cell has shown.

// %% id=update
console.log('this is removed')
await sleep(200)
clearOutput({ wait: true })
const shown = display('0 %')
for (let percent = 20; percent <= 100; percent += 20) {
  await sleep(80)
  shown.update(`${percent} %`)
}

// %% [markdown]
// `progress` goes around whatever can be iterated and says how far the loop is, how fast, and how long it will take. A loop inside a loop is a line in the same output.

// %% id=progress
let batches = 0
for (const _epoch of progress([1, 2, 3], { label: 'epoch' }))
  for await (const _loss of progress(losses(), { label: 'batch', total: 3 })) batches += 1
batches

// %% [markdown]
// The library's `fit` has such a bar, and below it a figure that it draws anew while it trains. Run the cell and watch the curves grow.

// %% id=live-curves
import { accuracy, adam, digits, fit, initialize, linear, relu, sequential, split } from 'downhill'

const { train, validation } = split(await digits(), { train: 1000, validation: 400, seed: 1 })
const network = sequential(linear(64, 64), relu(), linear(64, 10))
initialize(network, { seed: 1 })
const optimizer = adam(network.parameters(), { lr: 0.0003 })
const options = { train, validation, optimizer, epochs: 60, metrics: { accuracy } }
const training = await fit(network, options)

// %% [markdown]
// A line that ends in `\r` is written over, as in a terminal.

// %% id=carriage
for (let step = 1; step <= 5; step++) {
  process.stdout.write(`step ${step} of 5\r`)
  await sleep(60)
}
console.log('five steps done')

// %% [markdown]
// ## Magics
//
// What begins with `%` is for the kernel. `%lsmagic` lists them all.

// %% [verbatim] id=lsmagic
// %lsmagic

// %% [verbatim] id=time
// %time await sleep(50)

// %% [markdown]
// `%timeit` repeats the code until the time can be told, with its spread.

// %% [verbatim] id=timeit
// %timeit -r 3 Math.hypot(3, 4)

// %% [verbatim] id=who
// %who number

// %% [verbatim] id=bash
// %%bash
// echo "bash, in the notebook's folder"
// wc -l < tour-decay.ts

// %% [markdown]
// `%%html`, `%%svg` and `%%markdown` show the cell itself.

// %% [verbatim] id=html-magic
// %%html
// <details><summary>Open me</summary>This cell is <em>HTML</em>, not TypeScript.</details>

// %% [verbatim] id=svg-magic
// %%svg
// <svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><title>Downhill</title>
//   <path d="M4 6 C 40 6, 40 34, 116 34" fill="none" stroke="#d55e00" stroke-width="3"/>
// </svg>

// %% [verbatim] id=markdown-magic
// %%markdown
// | optimizer | memory |
// | --- | --- |
// | `sgd` | 0 or 1 floats a parameter |
// | `adam` | 2 floats a parameter |

// %% [markdown]
// `?name` or `name?` asks for type and documentation; `??name` for the source.

// %% [verbatim] id=question
// ?warmupCosine

// %% [markdown]
// `%load tour-decay.ts` would put the file into the cell. `%reset` would remove every variable: not now.
//
// **This cell fails on purpose**: a magic that does not exist names its neighbour.

// %% [verbatim] id=unknown-magic tag=raises-exception
// %tiem 1 + 1

// %% [markdown]
// ## In, out, and what goes wrong
//
// Everything that prints is in its order: the console, streams, native code, other programs. What goes to stderr is red.

// %% id=output
import { execSync } from 'node:child_process'

console.log('from the console')
execSync('echo from another program', { stdio: 'inherit' })
process.stdout.write('from a stream\n')
console.error('to stderr')
console.table(runs)

// %% [markdown]
// `input`, `prompt` and `confirm` ask, and wait for the answer. Set `ask` to true for that; a notebook that runs without a reader cannot be asked.

// %% id=input
const ask: boolean = false
ask ? `Hello ${input('Your name? ')}` : 'nobody was asked'

// %% [markdown]
// **This cell fails on purpose.** Tracebacks tell your own TypeScript lines, through all cells, and leave out those of the kernel.

// %% id=traceback tag=raises-exception
interface Layer {
  weights?: number[]
}
const mean = (layer: Layer): number => {
  const weights = layer.weights ?? JSON.parse('[1, 2')
  return weights.reduce((sum: number, w: number) => sum + w, 0) / weights.length
}

mean({})

// %% [markdown]
// An error that is caught is a value, and is shown like one.

// %% id=caught
let caught: unknown
try {
  mean({})
} catch (error) {
  caught = error
}
caught

// %% [markdown]
// ## Widgets
//
// A widget is a state that cells and the page share, and JavaScript that draws it there (an [anywidget](https://anywidget.dev)). Click the button, then run the cell below it.

// %% id=counter
const counter = widget({
  state: { count: 0 },
  css: '.tour-count { font-size: 1.1em; padding: 0.3em 1em }',
  esm: `export default { render({ model, el }) {
    const button = document.createElement('button')
    button.className = 'tour-count'
    const show = () => { button.textContent = 'clicked ' + model.get('count') + ' times' }
    button.onclick = () => { model.set('count', model.get('count') + 1); model.save_changes() }
    model.on('change:count', show)
    show()
    el.append(button)
  } }`,
})
counter

// %% id=counter-read
counter.set('count', counter.get('count') + 10) // the button shows it
counter.get('count')

// %% [markdown]
// The page speaks while nothing runs, so a slider can redraw a figure. Drag it: each position is computed here, in TypeScript.

// %% id=slider
const slider = widget({
  state: { warmup: 100 },
  esm: `export default { render({ model, el }) {
    const input = document.createElement('input')
    Object.assign(input, { type: 'range', min: 0, max: 500, step: 50, value: model.get('warmup') })
    input.setAttribute('aria-label', 'steps of warmup')
    input.oninput = () => { model.set('warmup', Number(input.value)); model.save_changes() }
    el.append('warmup ', input)
  } }`,
})
const plotted = (warmup: number) =>
  schedulePlot(
    { schedule: warmupCosine({ peak: 0.001, warmup, total: 1000 }) },
    {
      steps: 1000,
      title: `${warmup} steps of warmup`,
      alt: `The rate climbs to 0.001 in ${warmup} steps and falls to 0 along half a cosine.`,
    },
  )
display(slider)
const drawn = display(plotted(100))
void slider.on('change:warmup', (warmup) => drawn.update(plotted(warmup)))

// %% [markdown]
// Below widgets are comms: lines between cells and any code in the page, with bytes. An extension of yours that opens a comm to `tour` gets an answer from now on.

// %% id=comm
comms.registerTarget('tour', (comm, hello) => {
  comm.onMessage((question) => comm.send({ question, answer: 42 }))
  comm.send({ welcome: hello })
})

// %% [markdown]
// ## What a cell cannot show
//
// - **Interrupt** (■ or I, I) stops a loop, an `await`, a timer; variables stay. What does not answer for three seconds is ended with its process, and the cell says that the state is lost.
//   Set `forever` to true below and try it.
// - **Death.** `process.exit()`, a crash in native code, memory that runs out: the notebook says what happened, and the next cell runs in a fresh process.
// - **Debugger.** Switch it on (the bug at the top right), click beside a line number, run the cell. It stops there and shows the variables; step, evaluate, go on.
// - **History.** In a console (right click, _New Console for Notebook_) the arrow keys bring back cells, also those of yesterday. Enter runs what is complete and breaks the line of what is not.
// - **Subshells.** Another client of the same kernel is answered while a cell runs here: completion, documentation, comms; and its cells run
//   whenever the one here awaits.
// - **Project.** A `tsconfig.json` and `node_modules` beside the notebook count, as they do for files.

// %% id=forever
const forever: boolean = false
let turns = 0
while (forever) turns += 1
turns

// %% [markdown]
// ## Tidying up
//
// What the tour wrote goes again. How all of this is made is told in `ARCHITECTURE.md` and `docs/kernel.md`.

// %% id=tidy
import { rm, rmdir } from 'node:fs/promises'

await rm('tour-decay.ts')
await rm(installed, { recursive: true })
await rmdir('node_modules').catch(() => 'yours has more in it')
