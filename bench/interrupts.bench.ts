import { parseArgs } from 'node:util'
import { InterruptSession, type Interrupts } from '../test/support/interrupts.js'
import { machineLine, nodes, readMachine, row, today, writeResult } from './machine.js'

// Many interrupts in one session, on each Node: is the kernel still there, with its variables, and how soon? Writes
// bench/results/interrupts-DATE.md.
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '500' } } })
const rounds = Number(values.rounds)
const machine = readMachine()
const head = ['']
const measured: Interrupts[] = []
for (const [version, node] of Object.entries(nodes())) {
  const session = await InterruptSession.start(node)
  try {
    head.push(`Node ${version}, under way`, `Node ${version}, first 15 ms, busy machine`)
    measured.push(await session.underWay({ rounds }), await session.starting({ rounds }))
  } finally {
    await session.close()
  }
}

const kept = ({ times, losses }: Interrupts) => times.length - losses.length
const text = [
  `# Interrupts in one session, ${today()}`,
  '',
  `\`npm run bench -- interrupts\`: ${rounds} interrupts of cells that are under way (\`stuck\` in \`test/support/interrupts.ts\`: loops,`,
  'awaits, timers, floods of lines, code that catches everything), then as many within the first 15 ms of a cell, with two other',
  'processes that keep the processor busy. After each the next cell must run and find its variable, or the kernel must',
  'have said `StateLost`; anything else ends the benchmark with an error. `test/kernel/interrupt.soak.ts` holds the same.',
  '',
  machineLine(machine()),
  '',
  row(head),
  row(head.map(() => '---')),
  row(['interrupts', ...measured.map(({ times }) => times.length)]),
  row(['variables kept', ...measured.map(kept)]),
  row(['process replaced, and told', ...measured.map(({ losses }) => losses.length)]),
  row(['of these, not stopped within 3 s', ...measured.map(unstopped)]),
  row(['interrupt → idle, median, ms', ...measured.map((found) => share(found, 0.5))]),
  row(['95th percentile, ms', ...measured.map((found) => share(found, 0.95))]),
  row(['longest, ms', ...measured.map((found) => share(found, 1))]),
  '',
].join('\n')
await writeResult('interrupts', 'md', text)
console.log(text)

function unstopped({ losses }: Interrupts): number {
  return losses.filter((loss) => loss.includes('did not stop')).length
}

function share({ times }: Interrupts, part: number): string {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!.toFixed(1)
}
