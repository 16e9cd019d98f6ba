import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { adamw, type BackendName, parameter, tensor, useBackend } from 'downhill'
import { packageRoot } from '../cli/root.js'
import { machineLine, readMachine, row, today, writeResult } from './machine.js'
import { short } from './report.js'

// One AdamW step of one tensor by size, on each backend that computes at once. Writes bench/results/optimizers-DATE.{json,md}.
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    sizes: { type: 'string', default: '1e4,1e5,1e6,1e7' },
  },
})
const backends: readonly BackendName[] = ['simd', 'reference', 'gpu:webasm', 'gpu:cpu']
const rounds = Number(values.rounds)
/** A round makes as many steps as fill this time, at least one. The first round of each warms up, and is not counted. */
const roundMs = 40

const machine = readMachine()
const times: Record<string, Record<string, number[]>> = {}
for (const size of values.sizes.split(',').map(Number)) {
  const steps = new Map<BackendName, () => void>()
  for (const name of backends) steps.set(name, await stepper(name, size))
  const found = Object.fromEntries(backends.map((name) => [name, [] as number[]]))
  for (let round = 0; round <= rounds; round++)
    for (const [name, step] of steps) {
      const ms = measure(step)
      if (round > 0) found[name]!.push(ms)
    }
  times[size] = found
}

async function stepper(name: BackendName, size: number): Promise<() => void> {
  await useBackend(name)
  const wave = (height: number) =>
    Float32Array.from({ length: size }, (_, k) => Math.sin(k * 0.7) * height)
  const p = parameter(wave(1))
  p.grad = tensor(wave(0.1))
  const optimizer = adamw([p], { lr: 1e-3, weightDecay: 0.01 })
  return () => optimizer.step()
}

function measure(step: () => void): number {
  const start = performance.now()
  let steps = 0
  do {
    step()
    steps += 1
  } while (performance.now() - start < roundMs)
  return (performance.now() - start) / steps
}

function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

const version = (...path: string[]): string =>
  JSON.parse(readFileSync(join(packageRoot, ...path, 'package.json'), 'utf8')).version
const versions = {
  Node: process.versions.node,
  downhill: version(),
  'gpu.js': version('node_modules', 'gpu.js'),
}
const about = machine()
const text = [
  `# One AdamW step, ${today()}`,
  '',
  `Milliseconds: median (minimum) of ${rounds} rounds, in each of which the backends took turns. One tensor. Lower is better.`,
  '',
  machineLine(about),
  'Other work ran on the machine at the same time: trust the minima more, and compare the columns alone.',
  `Versions: ${Object.entries(versions)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')}.`,
  '',
  row(['floats', ...backends]),
  row(['---', ...backends.map(() => '---')]),
  ...Object.entries(times).map(([size, found]) =>
    row([
      Number(size).toLocaleString('en'),
      ...backends.map(
        (name) => `${short(median(found[name]!))} (${short(Math.min(...found[name]!))})`,
      ),
    ]),
  ),
  '',
].join('\n')
await writeResult('optimizers', 'md', text)
const result = { day: today(), rounds, machine: about, versions, times }
await writeResult('optimizers', 'json', `${JSON.stringify(result, null, 1)}\n`)
console.log(text)
