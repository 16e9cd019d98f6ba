import type { Axis, MatrixProduct } from './backend.js'
import { emit } from './emit.js'
import type { Node } from './graph.js'
import { elementwise, type Program } from './rule.js'

/** The source of a gpu.js kernel, and which inputs and slots of the program it takes, in order. */
export interface KernelText {
  readonly source: string
  readonly inputs: readonly number[]
  readonly slots: readonly number[]
}

/** One kernel an output: the form that runs in every mode of gpu.js. `at` says where an input is read, by position. */
export const toKernels = (program: Program, at: (position: number) => string): KernelText[] =>
  program.outputs.map((output) => toKernel(program, output, at))

/** Where element `this.thread.x` reads an input. The half keeps a quotient that was rounded down from falling below its integer. */
export function readAt(length: number, outputs: number, repeat: number | undefined): string {
  if (length === 1) return '0'
  if (!repeat || length === outputs) return 'this.thread.x'
  const block = repeat === 1 ? 'this.thread.x' : `Math.floor((this.thread.x + 0.5) / ${repeat})`
  return repeat * length === outputs
    ? block
    : `${block} - ${length} * Math.floor((${block} + 0.5) / ${length})`
}

function toKernel(program: Program, output: Node, at: (position: number) => string): KernelText {
  const { statements, results } = emit(program, [output], {
    input: (position) => `x${position}`,
    truth: (slot) => `${slot} > 0.5`,
  })
  const needed = elementwise([output])
  const inputs = program.inputs.filter((position) =>
    needed.some((node) => node.op === 'input' && node.value === position),
  )
  const slots = program.slots.flatMap((slot, k) => (needed.includes(slot) ? [k] : []))
  const names = [...inputs.map((position) => `a${position}`), ...slots.map((k) => `u${k}`)]
  const loads = inputs.map((position) => `const x${position} = a${position}[${at(position)}];`)
  const lines = [...loads, ...statements, `return ${results[0]};`]
  return { source: `function rule(${names.join(', ')}) {\n${lines.join('\n')}\n}`, inputs, slots }
}

/** Each thread folds `part` elements of `length`. */
export function foldSource(kind: 'sum' | 'max', length: number, part: number): string {
  const take = kind === 'sum' ? 'total = total + a[i];' : 'if (a[i] > total) { total = a[i]; }'
  return `function fold(a) {
  const first = this.thread.x * ${part};
  let total = ${kind === 'sum' ? '0.0' : 'a[first]'};
  for (let k = 0; k < ${part}; k++) {
    const i = first + k;
    if (i < ${length}) { ${take} }
  }
  return total;
}`
}

/** Each thread folds the axis of one place of [outer, inner]. */
export function foldAxisSource(kind: 'sum' | 'max', { length, inner }: Axis): string {
  const take = kind === 'sum' ? 'total = total + value;' : 'if (value > total) { total = value; }'
  return `function fold(a) {
  const outer = Math.floor((this.thread.x + 0.5) / ${inner});
  const first = outer * ${length * inner} + this.thread.x - outer * ${inner};
  let total = ${kind === 'sum' ? '0.0' : 'a[first]'};
  for (let k = 0; k < ${length}; k++) {
    const value = a[first + k * ${inner}];
    ${take}
  }
  return total;
}`
}

/** Each thread adds up what its row of the table (−1: nothing) lists. */
export const pickSource = (width: number): string => `function pick(a, table) {
  let total = 0.0;
  for (let k = 0; k < ${width}; k++) {
    const index = table[this.thread.x * ${width} + k];
    if (index >= 0.0) { total = total + a[index]; }
  }
  return total;
}`

/** Each thread makes one element of the product. The half keeps a quotient that was rounded down from falling below its integer. */
export function matmulSource({
  rows,
  inner,
  columns,
  transposeA,
  transposeB,
}: MatrixProduct): string {
  const left = transposeA ? `k * ${rows} + i` : `i * ${inner} + k`
  const right = transposeB ? `j * ${inner} + k` : `k * ${columns} + j`
  return `function matmul(a, b) {
  const i = Math.floor((this.thread.x + 0.5) / ${columns});
  const j = this.thread.x - i * ${columns};
  let total = 0.0;
  for (let k = 0; k < ${inner}; k++) {
    total = total + a[${left}] * b[${right}];
  }
  return total;
}`
}
