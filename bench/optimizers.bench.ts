import { parseArgs } from 'node:util'
import { type Column, limitColumns, ourColumns, peerColumns } from './columns.js'
import { differences } from './differences.js'
import { machineLine, readMachine, today, writeResult } from './machine.js'
import { inTurns, Processes } from './rounds.js'
import { type Measured, ratios, times } from './speed.js'

// Steps of optimizers by size, on each of our backends and with --peers beside others, all in turns in one run.
// Writes bench/results/optimizers-DATE.{json,md}.
const { values } = parseArgs({
  options: {
    peers: { type: 'boolean' },
    rows: { type: 'string', default: '' },
    rounds: { type: 'string', default: '9' },
    sizes: { type: 'string', default: '1e3,1e4,1e5,1e6,1e7' },
    only: { type: 'string', default: 'adamw,sgd,lion,clip,many' },
    ms: { type: 'string', default: '40' },
  },
})
const [rounds, ms] = [Number(values.rounds), Number(values.ms)]
const sizes = values.sizes.split(',').map(Number)

interface Work {
  work: string
  title: string
  tensors?: number
  /** Instead of all sizes. */
  size?: number
  /** DESIGN's targets by size: ÷ torch fused with 2 threads. */
  torch?: Readonly<Record<number, number>>
  js?: number
}

const works: Record<string, Work> = {
  adamw: {
    work: 'adamw',
    title: 'AdamW, one tensor',
    torch: { 1e4: 0.25, 1e5: 1, 1e6: 1.6, 1e7: 1.3 },
    js: 0.15,
  },
  sgd: { work: 'sgd', title: 'SGD with momentum 0.9, one tensor' },
  lion: { work: 'lion', title: 'Lion, one tensor' },
  clip: { work: 'clip', title: 'AdamW after clipping to a norm of 1, one tensor' },
  many: { work: 'adamw', title: 'AdamW, 100 tensors of 1,000', tensors: 100, size: 1e5 },
}
const chosen = values.only.split(',').map((name) => {
  const work = works[name]
  if (!work) throw new RangeError(`--only: one of ${Object.keys(works).join(', ')}, got ${name}`)
  return work
})

const backends = [
  { way: 'simd' },
  { way: 'simd 2 threads', threads: 2 },
  { way: 'reference' },
  { way: 'gpu:webasm', upTo: 1e6 },
  { way: 'gpu:cpu', upTo: 1e6 },
]
const columns: Column[] = [
  ...ourColumns(backends),
  ...(values.peers ? [...peerColumns({ jax: ['jit'], upTo: 1e6 }), ...limitColumns()] : []),
].filter(({ name }) => name.match(values.rows))
const processes = new Processes()
const machine = readMachine()
const parts: { title: string; measured: Measured[]; off: Record<string, string> }[] = []
try {
  for (const { work, title, tensors = 1, size, torch, js } of chosen) {
    const off = await differences(processes, columns, { work, tensors, size: 100 * tensors }, 10)
    const measured: Measured[] = []
    for (const floats of size ? [size] : sizes) {
      console.error(`bench: ${title}, ${floats.toLocaleString('en')} floats`)
      const found = await inTurns(processes, columns, { work, size: floats, tensors, ms }, rounds)
      const targets = () => ({ torch: torch?.[floats], js: torch?.[floats] && js })
      measured.push({ label: floats.toLocaleString('en'), found, targets })
    }
    parts.push({ title, measured, off })
  }
} finally {
  await processes.close()
}

const about = machine()
const text = [
  `# Optimizer steps, ${today()}`,
  '',
  `Milliseconds a step: median (lowest–highest) of ${rounds} rounds of ${ms} ms, in which all rows took turns, each in a process of its own. Lower is`,
  'better. Ratios are medians of the ratios of each round. "off by": the largest difference from our reference (float64) after ten steps.',
  '',
  machineLine(about),
  `Versions: ${processes.versionLine()}.`,
  ...parts.flatMap(({ title, measured, off }) => [
    '',
    `## ${title}`,
    '',
    ...times(columns, measured, off),
    ...(values.peers ? ['', ...ratios(columns, measured)] : []),
  ]),
  '',
].join('\n')
await writeResult('optimizers', 'md', text)
const result = {
  day: today(),
  rounds,
  ms,
  machine: about,
  versions: processes.versionLine(),
  parts,
}
await writeResult('optimizers', 'json', `${JSON.stringify(result, null, 1)}\n`)
console.log(text)
