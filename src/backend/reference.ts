import {
  type Backend,
  checkProduct,
  type DeviceArray,
  type Launch,
  launchLength,
} from './backend.js'
import { emit } from './emit.js'
import { evaluate } from './graph.js'
import type { Program } from './rule.js'

class ReferenceArray implements DeviceArray {
  constructor(readonly values: Float64Array) {}

  get length(): number {
    return this.values.length
  }
}

type Loop = (n: number, inputs: Float64Array[], slots: number[], outputs: Float64Array[]) => void

const loops = new WeakMap<Program, Loop>()

/** One loop over all elements. An input of length 1 has stride 0. */
function compile(program: Program): Loop {
  const { statements, results } = emit(program, program.outputs, {
    input: (position) => `x${position}`,
    truth: (slot) => `${slot} !== 0`,
  })
  const each = (make: (index: number) => string, count: number) =>
    Array.from({ length: count }, (_, index) => make(index))
  const { inputs, slots, outputs } = program
  const lines = [
    ...each((k) => `const a${k} = a[${k}], s${k} = a${k}.length === 1 ? 0 : 1;`, inputs.length),
    ...each((k) => `const u${k} = u[${k}];`, slots.length),
    ...each((k) => `const o${k} = o[${k}];`, outputs.length),
    'for (let i = 0; i < n; i++) {',
    ...inputs.map((position, k) => `const x${position} = a${k}[i * s${k}];`),
    ...statements,
    ...results.map((result, k) => `o${k}[i] = ${result};`),
    '}',
  ]
  return new Function('n', 'a', 'u', 'o', lines.join('\n')) as Loop
}

const values = (array: DeviceArray): Float64Array => {
  if (array instanceof ReferenceArray) return array.values
  throw new TypeError('reference: got an array of another backend')
}

/** Float64 in plain JavaScript: the worked examples, the grading, the truth that other targets are held against. */
export const reference: Backend = {
  name: 'reference',
  write: (numbers) => new ReferenceArray(Float64Array.from(numbers)),
  read: async (array) => values(array).slice(),
  readSync: (array) => values(array).slice(),
  release: () => {},
  park: () => {},

  map(program: Program, inputs: readonly DeviceArray[], launch: Launch = {}): DeviceArray[] {
    const length = launchLength(inputs, launch)
    let loop = loops.get(program)
    if (!loop) {
      loop = compile(program)
      loops.set(program, loop)
    }
    const outputs = program.outputs.map(() => new Float64Array(length))
    const used = program.inputs.map((position) => values(inputs[position]!))
    loop(length, used, evaluate(program.slots, launch.hypers ?? {}), outputs)
    return outputs.map((output) => new ReferenceArray(output))
  },

  matmul(a, b, product) {
    checkProduct(a, b, product)
    const { rows, inner, columns, transposeA = false, transposeB = false } = product
    const [left, right] = [values(a), values(b)]
    const result = new Float64Array(rows * columns)
    for (let i = 0; i < rows; i++)
      for (let k = 0; k < inner; k++) {
        const factor = left[transposeA ? k * rows + i : i * inner + k]!
        for (let j = 0; j < columns; j++)
          result[i * columns + j]! += factor * right[transposeB ? j * inner + k : k * columns + j]!
      }
    return new ReferenceArray(result)
  },

  fold(kind, array) {
    const numbers = values(array)
    const total =
      kind === 'sum'
        ? numbers.reduce((sum, value) => sum + value, 0)
        : numbers.reduce((top, value) => Math.max(top, value), Number.NEGATIVE_INFINITY)
    return new ReferenceArray(Float64Array.of(total))
  },
}
