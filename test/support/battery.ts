import type { Backend, DeviceArray } from '../../src/backend/backend.js'
import { Picks } from '../../src/backend/picks.js'
import { program } from '../../src/backend/rule.js'

/** One operation as every backend must do it, in Node and in pages. Numbers here are exact in float32. */
interface Case {
  run(backend: Backend): readonly DeviceArray[]
  expected: readonly (readonly number[])[]
}

const matrix = [1, -2, 3, 4, 5, -6, 7, 8, 9, 10, -11, 12]

const add = program('(a, b) => [a + b]')
const zeros = (backend: Backend) => backend.write(new Float64Array(12))
const picks = Picks.of([2, -1, 0, 2], 3)

export const battery: Record<string, Case> = {
  'repeats rows, columns and channels': {
    run: (backend) =>
      [
        [[1, 2, 3], 1] as const,
        [[1, 2, 3, 4], 3] as const,
        [[1, 2], 2] as const,
        [[7], undefined] as const,
      ].map(
        ([b, repeat]) =>
          backend.map(add, [zeros(backend), backend.write(b)], { repeat: [undefined, repeat] })[0]!,
      ),
    expected: [
      [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3],
      [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4],
      [1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2],
      new Array(12).fill(7),
    ],
  },
  'folds along an axis': {
    run(backend) {
      const a = backend.write(matrix)
      return [
        backend.fold('sum', a, { length: 3, inner: 1 }),
        backend.fold('max', a, { length: 3, inner: 1 }),
        backend.fold('sum', a, { length: 4, inner: 3 }),
        backend.fold('max', a, { length: 2, inner: 3 }),
        backend.fold('sum', a),
        backend.fold('max', a),
      ]
    },
    expected: [[2, 3, 24, 11], [3, 5, 9, 12], [22, 0, 18], [4, 5, 3, 10, 8, 12], [40], [12]],
  },
  'folds long axes of small whole numbers exactly': {
    run(backend) {
      const a = backend.write(Array.from({ length: 3 * 700 }, (_, k) => (k % 7) - 5))
      const negative = backend.write(new Array(1500).fill(-3))
      return [
        backend.fold('sum', a, { length: 700, inner: 1 }),
        backend.fold('max', a, { length: 700, inner: 3 }),
        backend.fold('sum', a),
        backend.fold('max', negative),
      ]
    },
    expected: [[-1400, -1400, -1400], [1, 1, 1], [-4200], [-3]],
  },
  'reduces the values of a program over many arrays': {
    run(backend) {
      const tuples = [[1, 2, 3], [4], [-5, 6]].map((values) => [backend.write(values)])
      const squares = program('(x, { scale }) => [scale * x * x]')
      return [
        backend.reduce('sum', squares, tuples, { scale: 2 }),
        backend.reduce('max', squares, tuples, { scale: 2 }),
        backend.reduce('sum', add, [[backend.write(matrix), backend.write([2])]]),
      ]
    },
    expected: [[182], [72], [64]],
  },
  'maps one program over many tuples': {
    run: (backend) =>
      backend
        .mapEach(
          program('(x) => [x + 1, 2 * x]'),
          [[1, 2, 3], [4]].map((values) => ({ inputs: [backend.write(values)] })),
        )
        .flat(),
    expected: [[2, 3, 4], [2, 4, 6], [5], [8]],
  },
  'picks, and its transpose brings back': {
    run(backend) {
      const picked = backend.pick(backend.write([10, 20, 30]), picks)
      return [picked, backend.pick(picked, picks.transpose)]
    },
    expected: [
      [30, 0, 10, 30],
      [10, 0, 60],
    ],
  },
  'picks one row many times, and nothing': {
    run(backend) {
      const often = Picks.of(
        Array.from({ length: 9001 }, (_, k) => (k % 9 === 0 ? 1 : 2)),
        4,
      )
      const picked = backend.pick(backend.write([1, 2, 3, 4]), often)
      return [
        backend.pick(picked, often.transpose),
        backend.pick(backend.write([5]), Picks.of([-1, -1], 1)),
      ]
    },
    expected: [
      [0, 2002, 24000, 0],
      [0, 0],
    ],
  },
  'multiplies, also transposed': {
    run(backend) {
      const a = backend.write([1, 2, 3, 4, 5, 6])
      const b = backend.write([1, 0, -1, 2, 1, -1])
      const long = backend.write(Array.from({ length: 2000 }, (_, k) => (k % 5) - 1))
      return [
        backend.matmul(a, b, { rows: 2, inner: 3, columns: 2 }),
        backend.matmul(a, b, { rows: 3, inner: 2, columns: 3, transposeA: true }),
        backend.matmul(a, b, { rows: 2, inner: 3, columns: 2, transposeB: true }),
        backend.matmul(long, long, { rows: 2, inner: 1000, columns: 2, transposeB: true }),
      ]
    },
    expected: [
      [2, 1, 5, 4],
      [9, 4, -5, 12, 5, -7, 15, 6, -9],
      [-2, 1, -2, 7],
      [3000, 3000, 3000, 3000],
    ],
  },
  'finishes the elements of a product': {
    run(backend) {
      const a = backend.write([1, 2, 3, 4])
      const b = backend.write([1, 0, -1, 0, 1, -1])
      const finish = (text: string, ...inputs: number[][]) => ({
        program: program(text),
        inputs: inputs.map((values) => backend.write(values)),
        hypers: { slope: 0.5 },
      })
      const product = { rows: 2, inner: 2, columns: 3 }
      const multiply = (finish: Parameters<Backend['matmul']>[3]) =>
        backend.matmul(a, b, product, finish)
      // a·b = [1 2 −3; 3 4 −7]
      return [
        multiply(
          finish(
            '(z, bias, whole) => [Math.max(0, z + bias) * whole]',
            [-1, 0, 5],
            [1, 2, 3, 4, 5, 6],
          ),
        ),
        multiply(finish('(z, one, { slope }) => [z > 0 ? z + one : slope * z]', [1])),
      ]
    },
    expected: [
      [0, 4, 6, 8, 20, 0],
      [2, 3, -1.5, 4, 5, -3.5],
    ],
  },
  'raises negative numbers to whole powers': {
    run: (backend) =>
      backend.map(
        program('(x, { n }) => [x ** 2, x ** 3, x ** 4, x ** 1, x ** n]'),
        [backend.write([-2, -1, 0, 1, 3])],
        {
          hypers: { n: 3 },
        },
      ),
    expected: [
      [4, 1, 0, 1, 9],
      [-8, -1, 0, 1, 27],
      [16, 1, 0, 1, 81],
      [-2, -1, 0, 1, 3],
      [-8, -1, 0, 1, 27],
    ],
  },
  // GPUs' own max, min and sign make a number of it.
  'lets NaN pass': {
    run: (backend) =>
      backend.map(
        program(
          '(x) => [Math.max(x, 0), Math.max(2, x), Math.min(x, 3), Math.min(4, x), Math.sign(x), Math.abs(x), Math.sqrt(x), Math.log(x), Math.exp(x - 1), x ** 1.5]',
        ),
        [backend.write([Number.NaN, 1])],
      ),
    expected: [1, 2, 1, 1, 1, 1, 1, 0, 1, 1].map((value) => [Number.NaN, value]),
  },
  // A driver may know of what was read that it need not equal itself, and forget it of what was computed.
  'lets NaN pass that was computed': {
    run: (backend) => [
      ...backend.map(
        program(
          '(x, y) => { const t = x * y\n return [Math.max(t, 0), Math.min(t, 3), Math.max(Math.abs(x), 1), Math.sign(t), Math.exp(t - y), Math.log(t), Math.tanh(t - y), t ** 1.5, t === t ? 7 : 8, t !== t ? 7 : 8] }',
        ),
        [backend.write([Number.NaN, 1]), backend.write([1, 1])],
      ),
      backend.matmul(
        backend.write([1, Number.NaN, 1, 2]),
        backend.write([1, 1]),
        { rows: 2, inner: 2, columns: 1 },
        {
          program: program('(z, bias) => [Math.max(0, z + bias)]'),
          inputs: [backend.write([1])],
        },
      ),
    ],
    expected: [
      ...[1, 1, 1, 1, 1, 0, 0, 1].map((value) => [Number.NaN, value]),
      [8, 7],
      [7, 8],
      [Number.NaN, 4],
    ],
  },
  'tells NaN from numbers, and raises to it and to 0': {
    run: (backend) =>
      backend.map(
        program(
          '(x, y, { zero, none }) => [x !== x ? 7 : 8, x !== y ? 7 : 8, x === y ? 7 : 8, y ** x, x ** y, x ** zero, y ** none]',
        ),
        [backend.write([Number.NaN, 0, 2]), backend.write([2, 0, 2])],
        { hypers: { zero: 0, none: Number.NaN } },
      ),
    expected: [
      [7, 8, 8],
      [7, 8, 8],
      [8, 7, 7],
      [Number.NaN, 1, 4],
      [Number.NaN, 1, 4],
      [1, 1, 1],
      [Number.NaN, Number.NaN, Number.NaN],
    ],
  },
  'knows logarithms, exponentials and powers where they end': {
    run: (backend) => [
      ...backend.map(program('(x) => [Math.log(x), Math.exp(x)]'), [
        backend.write([0, Infinity, -Infinity]),
      ]),
      ...backend.map(
        program('(x, { n }) => [x ** 0.25, x ** -0.25, x ** n]'),
        [backend.write([0, Infinity])],
        { hypers: { n: -0.1 } },
      ),
    ],
    expected: [
      [-Infinity, Infinity, Number.NaN],
      [1, Infinity, 0],
      [0, Infinity],
      [Infinity, 0],
      [Infinity, 0],
    ],
  },
  'folds what has a NaN to NaN': {
    run(backend) {
      const a = backend.write([1, Number.NaN, 3, Number.NaN, 5, 6, 7, 8, Number.NaN, 4, 2, 3])
      const late = [...new Array(600).fill(1), Number.NaN, ...new Array(600).fill(2)]
      return [
        backend.fold('max', a, { length: 3, inner: 1 }),
        backend.fold('max', a, { length: 4, inner: 3 }),
        backend.fold('max', backend.write(late)),
        backend.reduce('max', program('(x) => [Math.abs(x)]'), [
          [backend.write([1, Number.NaN, 2])],
          [backend.write([3])],
        ]),
        backend.fold('sum', a, { length: 3, inner: 1 }),
      ]
    },
    expected: [
      [Number.NaN, Number.NaN, Number.NaN, 4],
      [Number.NaN, Number.NaN, Number.NaN],
      [Number.NaN],
      [Number.NaN],
      [Number.NaN, Number.NaN, Number.NaN, 9],
    ],
  },
  'knows no sine of NaN, nor of ∞, but their hyperbolic tangent': {
    run: (backend) =>
      backend.map(program('(x) => [Math.sin(x), Math.cos(x), Math.tanh(x)]'), [
        backend.write([Number.NaN, Infinity, -Infinity]),
      ]),
    expected: [
      [Number.NaN, Number.NaN, Number.NaN],
      [Number.NaN, Number.NaN, Number.NaN],
      [Number.NaN, 1, -1],
    ],
  },
}

/** What a backend gives for every case. */
export async function runBattery(backend: Backend): Promise<Record<string, number[][]>> {
  const results: Record<string, number[][]> = {}
  for (const [name, { run }] of Object.entries(battery)) {
    const read = run(backend).map(async (array) => [...(await backend.read(array))])
    results[name] = await Promise.all(read)
  }
  return results
}
