import { parseArgs } from 'node:util'
import { digits, split } from 'downhill'
import { type Column, ourColumns, peerColumns } from './columns.js'
import { differences } from './differences.js'
import { machineLine, readMachine, today, writeResult } from './machine.js'
import { writeRecipe } from './recipe.js'
import { type Found, inTurns, Processes } from './rounds.js'
import { type Measured, ratios, times, trained } from './speed.js'

// A small network on digits, ours and with --peers beside others, all in turns in one run: an epoch by batch, and the time to
// 97 % of the test rows. Writes bench/results/training-DATE.{json,md}.
const { values } = parseArgs({
  options: {
    peers: { type: 'boolean' },
    rows: { type: 'string', default: '' },
    rounds: { type: 'string', default: '9' },
    ms: { type: 'string', default: '40' },
    batches: { type: 'string', default: '16,64,512' },
  },
})
const [rounds, ms] = [Number(values.rounds), Number(values.ms)]
const goal = 0.97

const columns: Column[] = [
  ...ourColumns([{ way: 'simd' }, { way: 'reference' }]),
  ...(values.peers ? peerColumns({ jax: ['jit', 'scan'] }) : []),
].filter(({ name }) => name.match(values.rows))
/** DESIGN's: an epoch with batches of 64 ÷ torch fused with 2 threads. */
const targets = ({ node = 0 }: Column) => ({ torch: node >= 24 ? 0.8 : 1.5 })

const { train, test } = split(await digits(), { test: 0.2, seed: 0 })
const recipe = writeRecipe(train, test)
const processes = new Processes()
const machine = readMachine()
const epochs: Measured[] = []
let off: Record<string, string>
let reached: Found
try {
  off = await differences(processes, columns, { work: 'epoch', data: recipe.folder, batch: 64 }, 2)
  for (const batch of values.batches.split(',').map(Number)) {
    console.error(`bench: an epoch, batches of ${batch}`)
    const request = { work: 'epoch', data: recipe.folder, batch, ms }
    const found = await inTurns(processes, columns, request, rounds)
    epochs.push({ label: `batch ${batch}`, found, ...(batch === 64 && { targets }) })
  }
  console.error('bench: training')
  const request = { work: 'train', data: recipe.folder, batch: 64, goal }
  reached = await inTurns(processes, columns, request, rounds)
} finally {
  await processes.close()
  recipe.remove()
}

const about = machine()
const rows = `${train.length} train and ${test.length} test rows`
const text = [
  `# Training a small network, ${today()}`,
  '',
  'Digits, 64-128-128-10 with relu, cross-entropy, AdamW (lr 1e-3, decay 0.01; TensorFlow.js: Adam). All begin with the same weights and see the same rows in the',
  `same order. Milliseconds: median (lowest–highest) of ${rounds} rounds (3 where a turn takes over 2 s), in which all rows of the table took turns, each in a process`,
  'of its own. Lower is better. Ratios are medians of the ratios of each round. "off by": the largest difference of the last biases from our reference (float64)',
  'after two epochs.',
  '',
  machineLine(about),
  `Versions: ${processes.versionLine()}.`,
  '',
  '## One epoch, 1,797 rows in order',
  '',
  ...times(columns, epochs, off),
  ...(values.peers ? ['', ...ratios(columns, epochs)] : []),
  '',
  `## To ${goal * 100} % of the test rows, batches of 64`,
  '',
  `${rows}, another order each epoch; after each the test rows are counted, which is not timed.`,
  '',
  ...trained(columns, reached),
  ...(values.peers ? ['', ...ratios(columns, [{ label: 'ms', found: reached }])] : []),
  '',
].join('\n')
await writeResult('training', 'md', text)
const result = { day: today(), rounds, ms, goal, machine: about, versions: processes.versionLine() }
await writeResult(
  'training',
  'json',
  `${JSON.stringify({ ...result, off, epochs, reached }, null, 1)}\n`,
)
console.log(text)
