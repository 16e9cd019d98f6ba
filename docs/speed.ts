// The source of notebooks/speed.ipynb: change it here, then run `downhill lessons build speed`.

// %% [markdown]
// # How long is a step?
//
// **The question.** How long does one step of AdamW take, and what decides it: the machine, the number of weights, or the rule?
//
// You will time the same rule on every machine that this computer has, draw the time against the number of weights, and read from the picture what a step is
// made of. Then a rule of your own goes the same way. All numbers are measured here, while you watch: none stands in the text. Run All takes some
// seconds, up to a minute on a slow or busy computer. Where other programs are at work the lines get rough, and the notebook says so.

// %% id=import
import {
  adamw,
  type BackendName,
  defineOptimizer,
  fraction,
  lines,
  panels,
  parameter,
  positive,
  rate,
  records,
  type Tensor,
  tensor,
  useBackend,
} from 'downhill'

// %% [markdown]
// ## Guess before you run
//
// A model of 1,000,000 weights has a thousand times as many as one of 1,000. How many times as long does its step take? And at 1,000,000 weights: how
// many times as fast as the slowest machine is the fastest?

// %% id=guess
const guess = { longer: 1000, faster: 2 }

// %% [markdown]
// ## The machines
//
// An optimizer of this library is one rule for one number. A compiler makes of it what a machine can run: `reference` is plain JavaScript in float64;
// `simd` is WebAssembly in float32, four numbers at a time; `gpu` is [gpu.js](https://gpu.rocks), which writes kernels for graphics cards, and for the
// processor (`gpu:webasm`, `gpu:cpu`) where there is no card; `gpu` alone takes the best that is here. `useBackend` says what really runs, or that it cannot.

// %% id=machines
const asked: BackendName[] = ['reference', 'simd', 'gpu:webasm', 'gpu:cpu', 'gpu', 'gpu:webgpu']
/** What runs → the name to ask for. */
const machines = new Map<string, BackendName>()
const answers = []
for (const name of asked) {
  let runs = ''
  let note = ''
  try {
    runs = await useBackend(name)
    if (machines.has(runs)) note = 'the same as above'
    else machines.set(runs, name)
  } catch (error) {
    note = (error as Error).message.split(';')[0] // the rest says what would help
  }
  answers.push({ "useBackend('…')": name, 'what runs': runs, note })
}
records(answers, { caption: 'The machines of this computer' })

// %% [markdown]
// ## Your own rule
//
// A rule of yours is as welcome as AdamW, and is compiled by the same compiler. This one averages the gradient, then takes a step of at most `lr`, shorter where
// the average is small. It is less work than AdamW: one number of memory for each weight instead of two, and no root.

// %% id=own-rule
const softStep = defineOptimizer({
  name: 'softStep',
  options: { lr: rate(0.001), beta: fraction(0.9), soft: positive(0.1) },
  state: ['m'],
  rule(p, g, m, { lr, beta, soft }) {
    const m1 = beta * m + (1 - beta) * g
    return [p - (lr * m1) / (Math.abs(m1) + soft), m1]
  },
})

// %% [markdown]
// ## The same answers?
//
// Before asking who is faster, ask whether all do the same. Each machine takes ten steps with both rules, on 1,000 weights, from the same start and with the same
// gradients.
//
// float64 keeps about 16 digits, float32 about 7: between two neighbours of its numbers just below 1 lie 2⁻²⁴ ≈ 6·10⁻⁸. Each operation rounds, and ten steps
// add some of that up. The library's own tests hold every optimizer to 10⁻⁶ of the largest weight; so does this cell.

// %% id=differences
const rules = {
  AdamW: (weights: Tensor) => adamw([weights], { lr: 0.01 }),
  softStep: (weights: Tensor) => softStep([weights], { lr: 0.01 }),
}
type RuleName = keyof typeof rules
const ruleNames: RuleName[] = ['AdamW', 'softStep']

/** Weights with their gradient on a machine, and an optimizer for them. */
async function prepared(rule: RuleName, machine: string, size: number) {
  await useBackend(machines.get(machine)!)
  const weights = parameter(Float32Array.from({ length: size }, (_, i) => Math.sin(i)))
  weights.grad = tensor(Float32Array.from({ length: size }, (_, i) => Math.cos(2 * i)))
  return { weights, optimizer: rules[rule](weights), probe: tensor([1]) }
}
type Prepared = Awaited<ReturnType<typeof prepared>>

async function tenSteps(rule: RuleName, machine: string): Promise<number[]> {
  const { weights, optimizer } = await prepared(rule, machine, 1000)
  for (let step = 0; step < 10; step++) optimizer.step()
  return Array.from(await weights.data())
}

const bound = 1e-6
const differences = []
for (const machine of machines.keys()) {
  for (const rule of ruleNames) {
    const [ours, theirs] = [await tenSteps(rule, machine), await tenSteps(rule, 'reference')]
    const largest = Math.max(...theirs.map(Math.abs))
    const away = Math.max(...ours.map((x, i) => Math.abs(x - theirs[i]))) / largest
    differences.push({ machine, rule, away, within: away <= bound })
  }
}
records(
  differences.map(({ machine, rule, away, within }) => ({
    machine,
    rule,
    'largest difference': away === 0 ? '0' : away.toExponential(1),
    'in units of 2⁻²⁴': (away * 2 ** 24).toFixed(1),
    'within 10⁻⁶': within,
  })),
  { caption: 'Ten steps on 1,000 weights, beside the float64 reference' },
)

// %% [markdown]
// One rule, the same answers up to rounding. So it is fair to ask for the time.
//
// ## The measurement
//
// One step of a small tensor is over in microseconds, too short for a clock that is read twice. So each _turn_ repeats the step until about three milliseconds have passed, and divides.
// A graphics card takes orders and works on them later; the turn ends by reading one number that was ordered last, so all before it is done.
//
// All machines, with both rules, take turns, eleven each (three, where eleven need more than two seconds), in an order that moves on: what else the computer does meanwhile hits all alike.
// The first turns only warm up. The **median** of the turns is what usually happens. Other programs can make a turn longer, never shorter: so the **shortest** turn
// is what the machine can do, and the tables and sentences below use it. Where the two are far apart, the computer was busy.

// %% id=measure
const sizes = [100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000]
const [rounds, turnLength, patience] = [11, 3, 2000]

/** Milliseconds of one step, when `steps` are taken in a row. */
async function turn({ optimizer, probe }: Prepared, steps: number): Promise<number> {
  const begin = performance.now()
  for (let step = 0; step < steps; step++) optimizer.step()
  await probe.mul(1).item()
  return (performance.now() - begin) / steps
}

/** How many steps fill a turn. Finding it compiles and warms up. */
async function stepsOfTurn(ready: Prepared): Promise<number> {
  await turn(ready, 1)
  for (let steps = 1; ; steps *= 2)
    if ((await turn(ready, steps)) * steps > turnLength / 2) return steps
}

const median = (times: number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1]

interface Measured {
  rule: RuleName
  machine: string
  size: number
  /** Milliseconds of one step: the median of the turns, and the shortest. */
  ms: number
  low: number
}

/** One size: both rules on all machines, in turns. */
async function measured(size: number): Promise<Measured[]> {
  const players = []
  for (const rule of ruleNames)
    for (const machine of machines.keys()) {
      const ready = await prepared(rule, machine, size)
      players.push({ rule, machine, ready, steps: await stepsOfTurn(ready), times: [] as number[] })
    }
  const late = performance.now() + patience
  for (let round = 0; round < rounds && (round < 3 || performance.now() < late); round++)
    for (let k = 0; k < players.length; k++) {
      const { ready, steps, times } = players[(round + k) % players.length]
      times.push(await turn(ready, steps))
    }
  return players.map(({ rule, machine, times }) => ({
    rule,
    machine,
    size,
    ms: median(times),
    low: Math.min(...times),
  }))
}

const found: Measured[] = []
for (const size of progress(sizes, { label: 'sizes' })) found.push(...(await measured(size)))

const rough = found.filter(({ ms, low }) => ms > 1.5 * low).length
display.markdown(
  `In ${rough} of ${found.length} measurements the median is more than 1.5 times the shortest turn. ${
    rough > found.length / 4
      ? 'The computer had **other work** meanwhile: take what follows with care, or run the notebook again later.'
      : 'The computer was calm enough for what follows.'
  }`,
)

// %% [markdown]
// ## The picture
//
// Both axes are logarithmic: one decade to the right is ten times the weights, one decade up is ten times the time. The lines are medians; the pale band below a line reaches down to the
// shortest turn.

// %% id=plot
const of = (machine: string, rule: RuleName = 'AdamW') =>
  found.filter((one) => one.machine === machine && one.rule === rule)
const at = (machine: string, size: number, rule: RuleName = 'AdamW') =>
  of(machine, rule).find((one) => one.size === size)!
const fastestAt = (size: number): string =>
  [...machines.keys()].toSorted((a, b) => at(a, size).low - at(b, size).low)[0]
const slowestAt = (size: number): string =>
  [...machines.keys()].toSorted((a, b) => at(b, size).low - at(a, size).low)[0]

const [smallest, largest] = [sizes[0], sizes.at(-1)!]
lines({
  title: 'One step of AdamW on each machine',
  xTitle: 'weights in the tensor',
  yTitle: 'time of one step (ms)',
  logX: true,
  logY: true,
  series: [...machines.keys()].map((machine) => ({
    name: machine,
    x: of(machine).map(({ size }) => size),
    y: of(machine).map(({ ms }) => ms),
    band: { low: of(machine).map(({ low }) => low), high: of(machine).map(({ ms }) => ms) },
    markers: true,
  })),
  alt: [
    'Time of one step of AdamW against the number of weights, both logarithmic,',
    `one line for each of ${machines.size} machines.`,
    `At ${largest} weights ${fastestAt(largest)} had the shortest turn.`,
  ].join(' '),
})

// %% [markdown]
// Two straight parts tell what a step is made of.
//
// - **Flat, on the left: overhead.** Before the first weight moves, the options are checked, the compiled rule is found and called. That costs the same for one weight as for a
//   million. Where a line is still flat, more weights cost nothing.
// - **Slope 1, on the right: work.** Ten times the weights take ten times the time, one decade up for one decade to the right. How high this part lies is the cost of one weight.
//
// In between the line bends, where the work is as long as the overhead. Here is the same in numbers. A slope is how many decades the time rises in a decade of weights: here in
// the first decade and in the last. The overhead is taken to be what a step of the smallest tensor takes.

// %% id=reading
const slope = (machine: string, from: number, to: number): number =>
  Math.log10(at(machine, to).low / at(machine, from).low) / Math.log10(to / from)
const perWeight = (machine: string, rule: RuleName = 'AdamW'): number =>
  (at(machine, largest, rule).low * 1e6) / largest

const named = (n: number): string => Math.round(n).toLocaleString('en')
const digits = (n: number): string => String(Number(n.toPrecision(2)))
const reading = [...machines.keys()].map((machine) => {
  const overhead = at(machine, smallest).low * 1e6
  const [left, right] = [slope(machine, smallest, 1000), slope(machine, 100_000, largest)]
  return { machine, overhead, left, right, each: perWeight(machine) }
})
display(
  records(
    reading.map(({ machine, overhead, left, right, each }) => ({
      machine,
      [`step of ${named(smallest)} weights (µs)`]: digits(overhead / 1000),
      'slope, first decade': left.toFixed(2),
      'slope, last decade': right.toFixed(2),
      'ns a weight': digits(each),
      'the overhead is worth (weights)': named(Number(digits(overhead / each))),
    })),
    { caption: 'AdamW: overhead, slopes, and the cost of one weight in the largest tensor' },
  ),
)
records(
  [...machines.keys()].map((machine) => ({
    machine,
    [`${named(largest)} ÷ 1,000 weights`]: digits(at(machine, largest).low / at(machine, 1000).low),
    'your guess': guess.longer,
  })),
  { caption: 'How many times as long a step of a thousand times the weights takes' },
)

// %% id=conclusion
const [first, last] = [fastestAt(largest), slowestAt(largest)]
const faster = at(last, largest).low / at(first, largest).low
const leastOverhead = fastestAt(smallest)
display.markdown(
  [
    `On this computer, now: at ${named(largest)} weights **${first}** was the fastest machine, **${digits(faster)} times** as fast as the slowest, ${last} (your guess: ${guess.faster}).`,
    `**${leastOverhead}** had the least overhead: ${digits(at(leastOverhead, smallest).low * 1000)} µs for a step of ${named(smallest)} weights, where ${slowestAt(smallest)} took ${digits(at(slowestAt(smallest), smallest).low * 1000)} µs.`,
  ].join(' '),
)

// %% [markdown]
// If your guess was a thousand, you forgot the overhead. A step of few weights is mostly overhead, so a thousand times the weights take less than a thousand times the time: the less, the more
// weights the overhead is worth. More than a thousand is possible as well: a large tensor no longer fits into the fast memory of the processor, its caches.
//
// Divide each shortest time by the number of weights, and that shows. The lines fall while the overhead is shared among more and more weights. Then they are flat; and where one rises
// again at the right, its numbers have outgrown a cache.

// %% id=per-weight
const eachWeight = (rule: RuleName) =>
  lines({
    title: `One step of ${rule}`,
    xTitle: 'weights in the tensor',
    yTitle: 'ns a weight',
    logX: true,
    logY: true,
    series: [...machines.keys()].map((machine) => ({
      name: machine,
      x: of(machine, rule).map(({ size }) => size),
      y: of(machine, rule).map(({ size, low }) => (low * 1e6) / size),
      markers: true,
    })),
    alt: `Nanoseconds a weight of one step of ${rule} against the number of weights, for each machine.`,
  })
panels(ruleNames.map(eachWeight), { title: 'The same rule, the same machines: AdamW and your own' })

// %% [markdown]
// ## Arithmetic, or memory?
//
// Two things can set the cost of one weight: computing with its numbers, or fetching and storing them. For each weight AdamW reads four numbers (the weight, its gradient, m and v) and
// writes three. That is 28 bytes in float32, 56 in float64, at the very least. `softStep` reads three and writes two: 5⁄7 of that.
//
// How fast could this computer move them? The next cell copies an array as large as half of AdamW's four, which reads and writes the same 16 megabytes, and computes nothing. A machine
// that moves its bytes nearly as fast as a plain copy is held up by **memory**: simpler arithmetic would not help it. A machine that moves them much more slowly is held up by
// **computing** and all that goes with it, such as making a new array for each result.

// %% id=bandwidth
const source = new Float32Array(2 * largest).fill(1)
const target = new Float32Array(2 * largest)
const copies = Array.from({ length: 2 * rounds }, () => {
  const begin = performance.now()
  target.set(source)
  return performance.now() - begin
})
/** Gigabytes a second: bytes read and bytes written. */
const copying = (2 * source.byteLength) / Math.min(...copies) / 1e6

const numbersMoved: Record<RuleName, number> = { AdamW: 7, softStep: 5 }
const processors = ['reference', 'simd', 'gpu: webasm', 'gpu: cpu'].filter((machine) =>
  machines.has(machine),
)
const traffic = processors.flatMap((machine) =>
  ruleNames.map((rule) => {
    const bytes = numbersMoved[rule] * (machine === 'reference' ? 8 : 4)
    const speed = bytes / perWeight(machine, rule)
    return { machine, rule, bytes, each: perWeight(machine, rule), speed, share: speed / copying }
  }),
)
records(
  traffic.map(({ machine, rule, bytes, each, speed, share }) => ({
    machine,
    rule,
    'ns a weight': digits(each),
    'bytes a weight': bytes,
    'gigabytes a second': digits(speed),
    'of a plain copy': `${Math.round(share * 100)} %`,
  })),
  {
    caption: `One step of ${named(largest)} weights; a plain copy moves ${digits(copying)} gigabytes a second`,
  },
)

// %% id=held-up
const verdicts = processors.map((machine) => {
  const [full, short] = ruleNames.map((rule) =>
    traffic.find((one) => one.machine === machine && one.rule === rule),
  )
  const { share } = full!
  const by = share > 0.7 ? 'by memory' : share < 0.3 ? 'by computing' : 'by both'
  const ratio = short!.each / full!.each
  return `- **${machine}** is held up ${by}: AdamW moves its bytes at ${Math.round(share * 100)} % of the speed of a copy. softStep takes ${digits(ratio)} times the time of AdamW; by its bytes alone it would be ${digits(5 / 7)} times.`
})
display.markdown(['On this computer, now:', '', ...verdicts].join('\n'))

// %% [markdown]
// A graphics card has a memory of its own, so a copy of the processor's says nothing about it, and it is left out of this table. Where no card is there, gpu.js runs its kernels on the processor,
// one kernel for each result of the rule (the weight, m, v): each reads its inputs again and gives a new array. On a card that is the way to keep thousands of threads busy; here it is work.
//
// ## Why simd is the default
//
// The library takes `simd` unless you say otherwise. Look whether your own measurement agrees:

// %% id=default
const wins = sizes.filter((size) => fastestAt(size) === 'simd')
const worst = Math.max(
  ...differences.filter(({ machine }) => machine === 'simd').map(({ away }) => away),
)
const timesReference = at('reference', largest).low / at('simd', largest).low
display.markdown(`On this computer, now:

- \`simd\` was the fastest of ${machines.size} machines at **${wins.length} of ${sizes.length}** sizes.
- A step of ${named(largest)} weights took it ${digits(at('simd', largest).low)} ms, the float64 reference ${digits(timesReference)} times as long.
- Its answers were ${worst.toExponential(1)} away, at most; ${worst <= bound ? 'within' : '**not** within'} the bound of 10⁻⁶.`)

// %% [markdown]
// Beside the time: simd needs nothing installed and no graphics card, runs in Node and in any browser of the last years, and its values can be read without waiting. What does it cost?
// Digits: about 7 instead of 16. Whoever wants to follow a calculation to the last digit says `await useBackend('reference')`, as lesson 02 does. And whoever has a real graphics card and a large
// model should run this notebook before choosing `gpu`: the machine that wins is the one whose line is lowest at the size you have.
//
// ## To try
//
// - Make `softStep` cheaper or dearer (a division less, `Math.exp`), and run the notebook again. Which machines notice?
// - A model has many tensors: give `adamw` a list of 100 parameters with 1,000 weights each. Is a step like one of 100,000 weights, or like 100 of 1,000? It differs between the machines.
//
// ## To keep
//
// - **Symptom:** a small model trains slowly, and the processor seems to have nothing to do. **Look at** the time of a step, beside that of half as many weights: the same means overhead.
// - **First move:** fewer and larger steps (a larger batch), not a faster machine. On the slope it is the other way round: fewer bytes a weight, or a machine with a faster memory.
// - **Read next:** Williams, Waterman and Patterson, _Roofline: An Insightful Visual Performance Model for Multicore Architectures_ (2009): the same question, arithmetic or memory, in one picture.

// %% id=back
await useBackend('auto')
