import { uniforms24 } from '../nn/random.js'
import {
  type Backend,
  checkProduct,
  type DeviceArray,
  type Launch,
  launchLength,
  outerOf,
} from './backend.js'
import { emit } from './emit.js'
import { evaluate } from './graph.js'
import { checkPicks, pickInto } from './picks.js'
import { plain } from './plain.js'
import type { Program } from './rule.js'

class ReferenceArray implements DeviceArray {
  constructor(readonly values: Float64Array) {}

  get length(): number {
    return this.values.length
  }
}

type Loop = (
  n: number,
  inputs: Float64Array[],
  slots: number[],
  outputs: Float64Array[],
  repeat: (number | undefined)[],
) => void

const loops = new WeakMap<Program, Loop>()
const repeating = new WeakMap<Program, Loop>()

/** One loop over all elements. An input of length 1 has stride 0. */
function compile(program: Program, repeats: boolean): Loop {
  const at = (k: number) =>
    repeats ? `r${k} === 0 ? i * s${k} : Math.floor(i / r${k}) % a${k}.length` : `i * s${k}`
  const { statements, results } = emit(program, program.outputs, {
    input: (position) => `x${position}`,
    truth: (slot) => `${slot} !== 0`,
  })
  const each = (make: (index: number) => string, count: number) =>
    Array.from({ length: count }, (_, index) => make(index))
  const { inputs, slots, outputs } = program
  const lines = [
    ...each((k) => `const a${k} = a[${k}], s${k} = a${k}.length === 1 ? 0 : 1;`, inputs.length),
    ...each((k) => `const r${k} = r[${k}] ?? 0;`, repeats ? inputs.length : 0),
    ...each((k) => `const u${k} = u[${k}];`, slots.length),
    ...each((k) => `const o${k} = o[${k}];`, outputs.length),
    'for (let i = 0; i < n; i++) {',
    ...inputs.map((position, k) => `const x${position} = a${k}[${at(k)}];`),
    ...statements,
    ...results.map((result, k) => `o${k}[i] = ${result};`),
    '}',
  ]
  return new Function('n', 'a', 'u', 'o', 'r', lines.join('\n')) as Loop
}

const values = (array: DeviceArray): Float64Array => {
  if (array instanceof ReferenceArray) return array.values
  throw new TypeError(
    'reference: got an array of another backend; make all tensors after useBackend, on one',
  )
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
    const repeat = program.inputs.map((position) => launch.repeat?.[position])
    const repeats = repeat.some((one) => one !== undefined)
    const compiled = repeats ? repeating : loops
    let loop = compiled.get(program)
    if (!loop) {
      loop = compile(program, repeats)
      compiled.set(program, loop)
    }
    const outputs = program.outputs.map((_, k) => {
      const given = launch.into?.[k]
      return given instanceof ReferenceArray && given.length === length
        ? given
        : new ReferenceArray(new Float64Array(length))
    })
    const used = program.inputs.map((position) => values(inputs[position]!))
    const results = outputs.map((output) => output.values)
    loop(length, used, evaluate(program.slots, launch.hypers ?? {}), results, repeat)
    return outputs
  },

  mapEach: (program, launches) => plain.mapEach(reference, program, launches),
  reduce: (kind, program, tuples, hypers) => plain.reduce(reference, kind, program, tuples, hypers),

  matmul(a, b, product, finish) {
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
    const made = new ReferenceArray(result)
    return finish ? plain.finish(reference, made, product, finish) : made
  },

  fold(kind, array, axis = { length: array.length, inner: 1 }) {
    const numbers = values(array)
    const { length, inner } = axis
    const outer = length === 0 ? 1 : outerOf(array, axis)
    const result = new Float64Array(outer * inner).fill(
      kind === 'sum' ? 0 : Number.NEGATIVE_INFINITY,
    )
    for (let o = 0; o < outer; o++)
      for (let k = 0; k < length; k++)
        for (let i = 0; i < inner; i++) {
          const value = numbers[(o * length + k) * inner + i]!
          const at = o * inner + i
          result[at] = kind === 'sum' ? result[at]! + value : Math.max(result[at]!, value)
        }
    return new ReferenceArray(result)
  },

  pick(array, picks) {
    checkPicks(array, picks)
    const result = new Float64Array(picks.length)
    pickInto(result, values(array), picks)
    return new ReferenceArray(result)
  },

  uniform: (length, place) => new ReferenceArray(uniforms24(length, place)),
}
