import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { digits, split } from 'downhill'
import { build } from 'esbuild'
import { pinRules } from '../cli/pin.mjs'
import { packageRoot } from '../cli/root.js'
import { type Column, ourColumns } from './columns.js'
import { differences } from './differences.js'
import { machineLine, readMachine, row, today, writeResult } from './machine.js'
import { nodePeers, pythonPeer } from './peers.js'
import { writeRecipe } from './recipe.js'
import { inTurns, Processes } from './rounds.js'
import { type Measured, times } from './speed.js'

// Steps and epochs on a graphics card: gpu.js in Chromium and in Node, beside simd, TensorFlow.js, jax-js and PyTorch. Where there is
// none, Chromium's SwiftShader draws, and the table says so. Writes bench/results/gpu-DATE.{json,md}.
const { values } = parseArgs({
  options: {
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    /** After those of `inBrowser`; bench/README.md has those that find a graphics card under Linux. */
    flags: { type: 'string', default: '' },
    rows: { type: 'string', default: '' },
    rounds: { type: 'string', default: '5' },
    sizes: { type: 'string', default: '1e4,1e5,1e6,1e7' },
    batches: { type: 'string', default: '64,512' },
    ms: { type: 'string', default: '200' },
    /** The page's bundle is there already: esbuild is not. */
    built: { type: 'boolean' },
  },
})
const [rounds, ms] = [Number(values.rounds), Number(values.ms)]
const modes = ['gpu:webgl2', 'gpu:webgl', 'gpu:webgpu']
const inBrowser = ['--headless', '--no-sandbox', '--enable-unsafe-webgpu']
const bench = join(packageRoot, '.cache', 'bench')

if (!values.built)
  await build({
    entryPoints: [join(packageRoot, 'bench', 'gpu-page.ts')],
    outfile: join(bench, 'gpu-page.js'),
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    plugins: [pinRules],
    alias: { downhill: join(packageRoot, 'src', 'index.ts') },
    nodePaths: [join(nodePeers(), 'node_modules')],
    logLevel: 'error',
  })

const browser = (library: string, way: string): Column => ({
  name: `${library} ${way} in Chromium`,
  threads: 1,
  kind: library === 'downhill' ? 'ours' : 'js',
  process: `${library} ${way} in Chromium`,
  command: () => ({
    program: process.execPath,
    args: [
      join(bench, 'in-chromium.mjs'),
      library,
      values.chromium,
      ...inBrowser,
      ...values.flags.split(' ').filter(Boolean),
    ],
  }),
  way,
  ...(library === 'tfjs' && { instead: { adamw: 'adam' } }),
})
const torch = (way: string, threads: number): Column => ({
  name: `torch ${way}`,
  threads,
  kind: 'other',
  process: `torch ${way}`,
  command: () => pythonPeer('with_torch.py', threads),
  way,
})
const columns: Column[] = [
  ...ourColumns([{ way: 'simd' }, { way: 'reference', upTo: 1e6 }, { way: 'gpu:webgpu' }]),
  ...['simd', ...modes].map((way) => browser('downhill', way)),
  browser('tfjs', 'webgl'),
  browser('tfjs', 'webgpu'),
  browser('jaxjs', 'webgpu'),
  torch('fused', 2),
  torch('fused cuda', 2),
].filter(({ name, way }) => way === 'reference' || name.match(values.rows))

/** What draws, and what the tests of the backend measure on it: browser.test.ts holds them to 1e-6 of the largest value and 2e-6 after training. */
async function measuredErrors(processes: Processes): Promise<string[]> {
  const rows: string[] = []
  for (const column of columns.filter(({ name }) => /^downhill gpu.*Chromium/.test(name))) {
    const ask = async (device: string) =>
      (await processes.ask(column, { device, way: column.way })) as unknown
    const shown = (await ask('shown')) as { shown?: string; none?: string }
    if (shown.none !== undefined) {
      rows.push(row([column.way, shown.none.slice(0, 200), '', '']))
      continue
    }
    const compared = (await ask('compareWithReference')) as { errors?: Record<string, number> }
    const largest = Math.max(...Object.values(compared.errors ?? { none: Number.NaN }))
    const layers = Number(await ask('layersError'))
    const cells = [largest, layers].map((error) => error.toExponential(1))
    rows.push(row([column.way, shown.shown ?? '', ...cells]))
  }
  return rows
}

const { train, test } = split(await digits(), { test: 0.2, seed: 0 })
const recipe = writeRecipe(train, test)
const processes = new Processes()
const machine = readMachine()
const [steps, epochs]: [Measured[], Measured[]] = [[], []]
let errors: string[]
let off: { steps: Record<string, string>; epochs: Record<string, string> }
try {
  console.error('bench: what draws, and how exactly')
  errors = await measuredErrors(processes)
  const adamw = { work: 'adamw', tensors: 1 }
  const epoch = { work: 'epoch', data: recipe.folder }
  off = {
    steps: await differences(processes, columns, { ...adamw, size: 100 }, 10),
    epochs: await differences(processes, columns, { ...epoch, batch: 64 }, 2),
  }
  for (const size of values.sizes.split(',').map(Number)) {
    console.error(`bench: ${size.toLocaleString('en')} floats`)
    const found = await inTurns(processes, columns, { ...adamw, size, ms }, rounds)
    steps.push({ label: size.toLocaleString('en'), found })
  }
  for (const batch of values.batches.split(',').map(Number)) {
    console.error(`bench: an epoch, batches of ${batch}`)
    const found = await inTurns(processes, columns, { ...epoch, batch, ms }, rounds)
    epochs.push({ label: `batch ${batch}`, found })
  }
} finally {
  await processes.close()
  recipe.remove()
}

const about = machine()
const text = [
  `# On a graphics card, ${today()}`,
  '',
  `Milliseconds: median (lowest–highest) of ${rounds} rounds of at least ${ms} ms, in which all rows took turns, each in a process and a browser of its own. Steps are`,
  'asked for one after another, and the clock is read when a number that needs the last of them has come back.',
  '',
  machineLine(about),
  `Versions: ${processes.versionLine()}.`,
  '',
  '## What draws',
  '',
  'Largest difference from float64: of 60 quantities of optimizers and others, as a share of the largest value; and of layers after training.',
  '',
  row(['', 'drawn by', 'quantities', 'layers']),
  row(['---', '---', '---', '---']),
  ...errors,
  '',
  '## AdamW, one tensor, a step',
  '',
  ...times(columns, steps, off.steps),
  '',
  '## Digits, 64-128-128-10, AdamW, an epoch of 1,797 rows',
  '',
  ...times(columns, epochs, off.epochs),
  '',
].join('\n')
await writeResult('gpu', 'md', text)
const result = { day: today(), rounds, ms, machine: about, versions: processes.versionLine() }
await writeResult(
  'gpu',
  'json',
  `${JSON.stringify({ ...result, errors, off, steps, epochs }, null, 1)}\n`,
)
console.log(text)
process.exit(0)
