import type { Axis, MatrixProduct } from './backend.js'
import { emit } from './emit.js'
import type { Node } from './graph.js'
import { elementwise, type Program } from './rule.js'

/** The source of a gpu.js kernel, and which inputs and slots of the program it takes, in order, after those of its own. */
export interface KernelText {
  readonly source: string
  readonly inputs: readonly number[]
  readonly slots: readonly number[]
}

/** Where a thread reads an input: an expression, and the lines that it needs. */
export interface Place {
  readonly index: string
  readonly lines: readonly string[]
}

export type Places = (position: number) => Place

/**
 * `NAMEq` and `NAMEr`: ⌊x / by⌋ and the rest. GLSL and WGSL divide only to 2.5 units in the last place, so a quotient may fall below
 * its integer, or reach the next: the rest tells.
 */
function divided(name: string, x: string, by: number): string[] {
  return [
    `let ${name}q = Math.floor(${x} / ${by});`,
    `let ${name}r = ${x} - ${name}q * ${by};`,
    `if (${name}r < 0) { ${name}q = ${name}q - 1; ${name}r = ${name}r + ${by}; }`,
    `if (${name}r >= ${by}) { ${name}q = ${name}q + 1; ${name}r = ${name}r - ${by}; }`,
  ]
}

/** Where element `this.thread.x` of `outputs` reads an input of this length. */
export function readAt(
  position: number,
  length: number,
  outputs: number,
  repeat: number | undefined,
): Place {
  const x = 'this.thread.x'
  if (length === 1) return { index: '0', lines: [] }
  if (!repeat || length === outputs) return { index: x, lines: [] }
  const [block, row] = [`b${position}`, `r${position}`]
  const first = repeat === 1 ? [] : divided(block, x, repeat)
  const index = repeat === 1 ? x : `${block}q`
  if (repeat * length === outputs) return { index, lines: first }
  return { index: `${row}r`, lines: [...first, ...divided(row, index, length)] }
}

/** What computes `outputs` for one element: lines and the values, with the arguments that they name. */
function body(
  program: Program,
  outputs: readonly Node[],
  at: Places,
  given: Readonly<Record<number, string>>,
) {
  const { statements, results } = emit(program, outputs, {
    input: (position) => given[position] ?? `x${position}`,
    truth: (slot) => `${slot} > 0.5`,
  })
  const needed = elementwise(outputs)
  const inputs = program.inputs.filter(
    (position) =>
      !(position in given) && needed.some((node) => node.op === 'input' && node.value === position),
  )
  const slots = program.slots.flatMap((slot, k) => (needed.includes(slot) ? [k] : []))
  const loads = inputs.flatMap((position) => {
    const { index, lines } = at(position)
    return [...lines, `const x${position} = a${position}[${index}];`]
  })
  const names = [...inputs.map((position) => `a${position}`), ...slots.map((k) => `u${k}`)]
  return { lines: [...loads, ...statements], value: results[0]!, results, names, inputs, slots }
}

/** One kernel an output: the form that runs in every mode. */
export const toKernels = (program: Program, at: Places): KernelText[] =>
  program.outputs.map((output) => {
    const { lines, value, names, inputs, slots } = body(program, [output], at, {})
    const all = [...lines, `return ${value};`].join('\n')
    return { source: `function rule(${names.join(', ')}) {\n${all}\n}`, inputs, slots }
  })

/** How many values a thread adds up: in 16 runs of 16, so that an error is at most 30 roundings. */
export const part = 256

/**
 * Folds [outer, length, inner] to [outer, ⌈length / part⌉, inner]. Values are those of `each` at the place, or of the array `a0` itself;
 * inputs for which `single` holds have one value. A program for the largest tells by its second output what is NaN, which stays.
 */
export function foldSource(
  kind: 'sum' | 'max',
  { length, inner }: Axis,
  program: Program,
  single: (position: number) => boolean,
): KernelText {
  const at = (position: number) => ({ index: single(position) ? '0' : 'i', lines: [] })
  const { lines, results, names, inputs, slots } = body(program, program.outputs, at, {})
  const [value, known] = results
  const chunks = Math.ceil(length / part)
  const run = Math.min(16, Math.ceil(Math.sqrt(length)))
  const [before, take, keep] =
    kind === 'sum'
      ? ['', 'some = some + value;', 'total = total + some;']
      : [
          'let failed = 0;',
          `if (failed < 1) {
        if (${known} > 0) { if (place <= from || value > total) { total = value; } }
        else { total = value; failed = 1; }
      }`,
          '',
        ]
  const source = `function fold(${names.join(', ')}) {
${divided('p', 'this.thread.x', inner).join('\n')}
${divided('o', 'pq', chunks).join('\n')}
const start = oq * ${length * inner} + pr;
const from = or * ${part};
let total = 0;
${before}
for (let j = 0; j < ${Math.ceil(Math.min(part, length) / run)}; j++) {
  let some = 0;
  for (let k = 0; k < ${run}; k++) {
    const place = from + j * ${run} + k;
    if (place < ${length}) {
      const i = start + place * ${inner};
      ${lines.join('\n      ')}
      const value = ${value};
      ${take}
    }
  }
  ${keep}
}
return total;
}`
  return { source, inputs, slots }
}

/** Each thread adds up what its row of the table lists; for rows of at most one element the list is the table, −1 for none. */
export const pickSource = (width: number): string =>
  width <= 1
    ? `function pick(a, list) {
  const index = list[this.thread.x];
  let value = 0;
  if (index >= 0) { value = a[index]; }
  return value;
}`
    : `function pick(a, starts, list) {
  const from = starts[this.thread.x];
  const count = starts[this.thread.x + 1] - from;
  let total = 0;
  for (let k = 0; k < ${width}; k++) {
    if (k < count) {
      const index = list[from + k];
      total = total + a[index];
    }
  }
  return total;
}`

/** Each thread makes one element of the product, in about √inner runs, so that errors grow no faster; then what `finish` says. */
export function matmulSource(
  { rows, inner, columns, transposeA, transposeB }: MatrixProduct,
  finish?: { program: Program; at: Places },
): KernelText {
  const left = transposeA ? `k * ${rows} + i` : `i * ${inner} + k`
  const right = transposeB ? `j * ${inner} + k` : `k * ${columns} + j`
  const run = inner <= 32 ? inner : Math.ceil(Math.sqrt(inner))
  const full = Math.floor(inner / run)
  const rest = inner - full * run
  const sum = (length: number, k: string) => `let some${length} = 0;
for (let n = 0; n < ${length}; n++) {
  const k = ${k};
  some${length} = some${length} + a[${left}] * b[${right}];
}
total = total + some${length};`
  const none = { lines: [], value: 'total', names: [], inputs: [], slots: [] }
  const end = finish
    ? body(finish.program, [finish.program.outputs[0]!], finish.at, { 0: 'total' })
    : none
  const source = `function matmul(${['a', 'b', ...end.names].join(', ')}) {
${divided('c', 'this.thread.x', columns).join('\n')}
const i = cq;
const j = cr;
let total = 0;
for (let m = 0; m < ${full}; m++) {
${sum(run, `m * ${run} + n`)}
}
${rest > 0 ? sum(rest, `${full * run} + n`) : ''}
${[...end.lines, `return ${end.value};`].join('\n')}
}`
  return { source, inputs: end.inputs, slots: end.slots }
}
