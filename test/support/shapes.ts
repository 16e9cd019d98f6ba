import fc from 'fast-check'
import type { Backend, DeviceArray, Finish, MatrixProduct } from '../../src/backend/backend.js'
import { Picks } from '../../src/backend/picks.js'
import { reference } from '../../src/backend/reference.js'
import { program } from '../../src/backend/rule.js'
import { type BackendName, openBackend } from '../../src/backend/use.js'
import { uniforms24 } from '../../src/nn/random.js'

/** How thoroughly: gpu.js makes a kernel for each shape, has no arrays of 0 values, and no say about NaN and −0. */
interface Thoroughness {
  runs: number
  special: boolean
}

const some = fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 10, 12, 15, 16, 17, 31, 32, 33)
/** Eighths: sums and products of a few are float32 numbers, so nothing is rounded. */
const eighths = (length: number, special: boolean) => {
  const eighth = fc.integer({ min: -64, max: 64 }).map((k) => k / 8)
  const rare = fc.constantFrom(Number.NaN, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
  const one = special
    ? fc.oneof({ weight: 60, arbitrary: eighth }, { weight: 1, arbitrary: rare })
    : eighth
  return fc.infiniteStream(one).map((stream) => [...stream.take(length)])
}

/**
 * Every operation of layers, on random shapes and numbers, against the reference: exact where nothing is rounded, products within
 * (inner + 4)·2⁻²⁴·Σ|a·b|.
 * @throws Error that shows the shape and the first place that differs
 */
export async function compareShapes(
  name: BackendName,
  { runs, special }: Thoroughness,
): Promise<void> {
  const backend = await openBackend(name)
  const sizes = special
    ? fc.oneof({ weight: 15, arbitrary: some }, { weight: 1, arbitrary: fc.constant(0) })
    : some
  const check = async (property: fc.IAsyncProperty<unknown>) => {
    await fc.assert(property as never, { numRuns: runs, endOnFailure: true })
  }
  /** Runs on both backends, and gives what each makes; nothing is kept. */
  const both = async (
    inputs: readonly (readonly number[])[],
    compute: (backend: Backend, arrays: DeviceArray[]) => readonly DeviceArray[],
  ): Promise<[ours: number[], theirs: number[]][]> => {
    const lists = await Promise.all(
      [backend, reference].map(async (one) => {
        const arrays = inputs.map((values) => one.write(values))
        const made = compute(one, arrays)
        const results = await Promise.all(made.map(async (array) => [...(await one.read(array))]))
        for (const array of new Set([...arrays, ...made])) one.release(array)
        return results
      }),
    )
    return lists[0]!.map((ours, k) => [ours, lists[1]![k]!])
  }
  const same = (results: [number[], number[]][], what: string) => {
    for (const [ours, theirs] of results) {
      const k = theirs.findIndex((value, at) => !Object.is(value, ours[at]))
      if (ours.length !== theirs.length || k >= 0)
        throw new Error(
          `${what}: ${theirs[k]} of ${theirs.length} at ${k}, got ${ours[k]} of ${ours.length}`,
        )
    }
  }

  const rule = program('(x, row, column, one) => [(x - column) * row + one, x + column]')
  const channels = program('(x, row, channel) => [x * channel + row]')
  await check(
    fc.asyncProperty(some, some, some, fc.infiniteStream(fc.nat()), async (n, c, hw, seeds) => {
      const [seed = 0] = [...seeds.take(1)]
      const values = (length: number, k: number) =>
        fc.sample(eighths(length, special), { seed: seed + k, numRuns: 1 })[0]!
      const rows = n * c
      const matrix = [values(rows * hw, 0), values(hw, 1), values(rows, 2), values(1, 3)]
      const repeat = [undefined, 1, hw, undefined]
      same(
        await both(matrix, (on, arrays) => on.map(rule, arrays, { repeat, length: rows * hw })),
        `rows and columns of ${rows} × ${hw}`,
      )
      const image = [values(rows * hw, 4), values(c * hw, 5), values(c, 6)]
      same(
        await both(image, (on, arrays) =>
          on.map(channels, arrays, { repeat: [undefined, 1, hw], length: rows * hw }),
        ),
        `channels of ${n} × ${c} × ${hw}`,
      )
      const into = await both(image, (on, arrays) =>
        on.map(channels, arrays, {
          repeat: [undefined, 1, hw],
          length: rows * hw,
          into: [arrays[0]],
        }),
      )
      same(into, `channels of ${n} × ${c} × ${hw}, written over an input`)
    }) as never,
  )

  const axes = fc.tuple(sizes, some, some).chain(([outer, length, inner]) =>
    fc.record({
      axis: fc.constant({ length, inner }),
      values: eighths(outer * length * inner, special),
      kind: fc.constantFrom('sum' as const, 'max' as const),
    }),
  )
  await check(
    fc.asyncProperty(axes, async ({ axis, values, kind }) => {
      const label = `${kind} of ${values.length} along ${axis.length}, ${axis.inner}`
      same(await both([values], (on, [a]) => [on.fold(kind, a!, axis), on.fold(kind, a!)]), label)
    }) as never,
  )

  const picking = fc.tuple(some, sizes).chain(([from, length]) =>
    fc.record({
      indices: fc.oneof(
        fc.array(fc.integer({ min: -1, max: from - 1 }), { minLength: length, maxLength: length }),
        fc.array(fc.nat(from - 1), { minLength: length, maxLength: length }),
        fc.nat(from - 1).map((first) => Array.from({ length: from - first }, (_, k) => first + k)),
      ),
      values: eighths(from, special),
    }),
  )
  await check(
    fc.asyncProperty(picking, async ({ indices, values }) => {
      const picks = Picks.of(indices, values.length)
      const run = (on: Backend, [a]: DeviceArray[]) => {
        const once = on.pick(a!, picks)
        return [once, on.pick(a!, picks), on.pick(once, picks.transpose), on.pick(a!, picks)]
      }
      same(await both([values], run), `${indices} of ${values.length}`)
    }) as never,
  )

  const places = fc.record({
    seed: fc.maxSafeNat(),
    step: fc.maxSafeNat(),
    stream: fc.nat(2 ** 32 - 1),
  })
  await check(
    fc.asyncProperty(fc.oneof(sizes, fc.nat(3000)), places, async (length, place) => {
      const array = backend.uniform(length, place)
      same(
        [[[...(await backend.read(array))], [...uniforms24(length, place)]]],
        `${length} uniform numbers`,
      )
      backend.release(array)
    }) as never,
  )

  /** Now and then so large that a product is made part by part, of copies. */
  const extent = special
    ? fc.oneof(
        { weight: 12, arbitrary: sizes },
        { weight: 1, arbitrary: fc.constantFrom(256, 301, 1024, 1601) },
      )
    : sizes
  const products = fc.record({
    rows: extent,
    inner: extent,
    columns: extent,
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    seed: fc.nat(),
    finished: fc.boolean(),
  })
  const finish = program(
    '(z, bias, whole, one, { h }) => [Math.max(0, z + bias) * whole + one * h, z]',
  )
  await check(
    fc.asyncProperty(products.filter(small), async ({ seed, finished, ...product }) => {
      const { rows, inner, columns } = product
      const values = (length: number, k: number) =>
        Array.from({ length }, (_, i) => Math.fround(Math.sin(seed * 0.01 + k + i * 1.7) * 3))
      const bias = values(columns, 3).map((x) => Math.fround(x / 4))
      const whole = values(rows * columns, 4).map(Math.sign)
      const inputs = [values(rows * inner, 1), values(inner * columns, 2), bias, whole, [0.5]]
      const finishOf = (more: DeviceArray[]): Finish => ({
        program: finish,
        inputs: more,
        hypers: { h: 2 },
      })
      const results = await both(inputs, (on, [a, b, ...more]) => [
        on.matmul(a!, b!, product, finished ? finishOf(more) : undefined),
      ])
      const [[ours, theirs]] = results as [[number[], number[]]]
      const bounds = boundsOf(inputs[0]!, inputs[1]!, product)
      theirs.forEach((value, k) => {
        const bound = bounds[k]! + (finished ? 2 ** -22 * (Math.abs(value) + 2) : 0)
        if (!(Math.abs(ours[k]! - value) <= bound))
          throw new Error(
            `${JSON.stringify({ ...product, finished })}: ${value} ± ${bound} at ${k}, got ${ours[k]}`,
          )
      })
      if (ours.length !== theirs.length)
        throw new Error(`${theirs.length} values, got ${ours.length}`)
    }) as never,
  )
}

const small = ({ rows, inner, columns }: MatrixProduct) => rows * inner * columns < 3e6

/** (inner + 4)·2⁻²⁴·Σ|a·b| of each element of a product. */
function boundsOf(a: number[], b: number[], product: MatrixProduct): Float64Array {
  const [left, right] = [a, b].map((list) => reference.write(list.map(Math.abs)))
  const sums = reference.readSync(reference.matmul(left!, right!, product), '')
  return sums.map((sum) => sum * (product.inner + 4) * 2 ** -24)
}
