import { conformance, stock } from '../test/support/conformance.js'
import { machineLine, nodes, readMachine, row, today, writeResult } from './machine.js'

// The stock suite of Jupyter kernels against ours, on each Node. Writes bench/results/conformance-DATE.md.
const machine = readMachine()
const columns = Object.entries(nodes())
const outcomes: Record<string, string>[] = []
for (const [, node] of columns) outcomes.push(await conformance(node))

const passed = (found: Record<string, string>) =>
  stock.filter((name) => found[name] === 'passed').length
const text = [
  `# Conformance, ${today()}`,
  '',
  '`npm run bench -- conformance`: the twelve tests of jupyter_kernel_test 0.7.0 and its check of iopub_welcome',
  '(`test/support/conformance.py`). `test/kernel/conformance.test.ts` holds the same in every run of the tests.',
  '',
  machineLine(machine()),
  '',
  row(['', ...columns.map(([version]) => `Node ${version}`)]),
  row(['---', ...columns.map(() => '---')]),
  ...stock.map((name) => row([name, ...outcomes.map((found) => found[name] ?? 'not run')])),
  row(['passed', ...outcomes.map((found) => `${passed(found)} of ${stock.length}`)]),
  '',
].join('\n')
await writeResult('conformance', 'md', text)
console.log(text)
