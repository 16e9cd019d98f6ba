import { uniforms24 } from '../nn/random.js'
import {
  type Axis,
  type Backend,
  checkProduct,
  type DeviceArray,
  type Finish,
  type Launch,
  launchLength,
  type MatrixProduct,
  outerOf,
  type RandomPlace,
} from './backend.js'
import {
  foldSource,
  type KernelText,
  matmulSource,
  part,
  pickSource,
  readAt,
  toKernels,
} from './gpu-kernels.js'
import { GpuArray, Launcher } from './gpu-launcher.js'
import { chooseMode, type GpuModule, type Mode } from './gpu-modes.js'
import { pickTables } from './gpu-pick-tables.js'
import { portable } from './gpu-portable.js'
import { evaluate } from './graph.js'
import { checkPicks, type Picks } from './picks.js'
import { plain } from './plain.js'
import { type Program, program } from './rule.js'
import type { BackendName } from './use.js'

/** @throws Error naming what to install or start */
export async function openGpu(name: BackendName): Promise<Backend> {
  const loaded = (await import('gpu.js')) as unknown as GpuModule & { default?: GpuModule }
  const module = loaded.default ?? loaded
  const asked = name === 'gpu' ? undefined : (name.slice('gpu:'.length) as Mode)
  return new Gpu(await Launcher.open(module, await chooseMode(module, asked)))
}

type Hypers = Readonly<Record<string, number>>

class Gpu implements Backend {
  readonly name: string
  readonly software: boolean
  readonly #launcher: Launcher
  readonly #tables = new WeakMap<Picks, (array: DeviceArray) => DeviceArray>()
  readonly #plans = new WeakMap<Program, Map<string, KernelText[]>>()

  constructor(launcher: Launcher) {
    this.#launcher = launcher
    this.name = launcher.name
    this.software = launcher.software
  }

  /** How many arrays are not freed yet: for tests. */
  get inUse(): number {
    return this.#launcher.inUse
  }

  write(values: ArrayLike<number>): DeviceArray {
    return this.#launcher.write(values)
  }

  async read(array: DeviceArray): Promise<Float64Array> {
    return this.#launcher.read(this.#own(array))
  }

  readSync(_array: DeviceArray, caller: string): never {
    throw new Error(
      `${caller}: ${this.name} is read asynchronously; use await …item() or await …data()`,
    )
  }

  release(array: DeviceArray): void {
    this.#launcher.free(this.#own(array))
  }

  /** Textures wait for the garbage collector, which is told that they weigh something. */
  park(array: DeviceArray): void {
    this.#own(array).weigh()
  }

  map(rule: Program, inputs: readonly DeviceArray[], launch: Launch = {}): DeviceArray[] {
    const each = portable(rule)
    const length = launchLength(inputs, launch)
    const key = each.inputs.map(
      (k) => `${inputs[k]!.length === length || inputs[k]!.length} ${launch.repeat?.[k] ?? ''}`,
    )
    const at = (k: number) => readAt(k, inputs[k]!.length, length, launch.repeat?.[k])
    const texts = this.#plan(each, `map ${length} ${key}`, () => toKernels(each, at))
    const values = evaluate(each.slots, launch.hypers ?? {})
    const made = texts.map((text) => this.#run('map', text, length, { inputs, values }))
    // Nobody else uses them, and no kernel may write where it reads: they are not needed any more.
    for (const array of launch.into ?? []) if (array) this.release(array)
    return made
  }

  /** The texts of a program in one situation, made once. */
  #plan(each: Program, key: string, make: () => KernelText[]): KernelText[] {
    const plans = this.#plans.get(each) ?? new Map<string, KernelText[]>()
    this.#plans.set(each, plans)
    const plan = plans.get(key) ?? make()
    plans.set(key, plan)
    return plan
  }

  #run(
    what: string,
    { source, inputs: used, slots }: KernelText,
    length: number,
    {
      first = [],
      inputs = [],
      values = [],
    }: {
      first?: readonly DeviceArray[]
      inputs?: readonly DeviceArray[]
      values?: readonly number[]
    },
  ): DeviceArray {
    const arrays = [...first, ...used.map((position) => inputs[position]!)]
    return this.#launcher.run({ what, source }, length, [
      ...arrays.map((array) => this.#own(array)),
      ...slots.map((k) => values[k]!),
    ])
  }

  fold(kind: 'sum' | 'max', array: DeviceArray, axis?: Axis): DeviceArray {
    const along = axis ?? { length: array.length, inner: 1 }
    const outer = along.length === 0 ? 1 : outerOf(array, along)
    return this.#fold(kind, copies[kind], [array], { along, outer, hypers: {} })
  }

  /** Each thread takes up to `part` values, until one is left: an array of 2²⁴ needs three launches, and 90 roundings at most meet in a sum. */
  #fold(
    kind: 'sum' | 'max',
    each: Program,
    inputs: readonly DeviceArray[],
    { along, outer, hypers }: { along: Axis; outer: number; hypers: Hypers },
  ): DeviceArray {
    const { length, inner } = along
    if (length === 0)
      return this.write(new Float32Array(outer * inner).fill(kind === 'sum' ? 0 : -Infinity))
    const single = (k: number) => inputs[k]!.length === 1 && outer * length * inner > 1
    const key = `${kind} ${length} ${inner} ${each.inputs.map(single)}`
    const [text] = this.#plan(each, key, () => [foldSource(kind, along, each, single)])
    const chunks = Math.ceil(length / part)
    const values = evaluate(each.slots, hypers)
    const what = each === copies[kind] ? 'fold' : 'reduce'
    const made = this.#run(what, text!, outer * chunks * inner, { inputs, values })
    if (chunks === 1) return made
    const rest = { along: { length: chunks, inner }, outer, hypers: {} }
    const result = this.#fold(kind, copies[kind], [made], rest)
    this.release(made)
    return result
  }

  reduce(
    kind: 'sum' | 'max',
    each: Program,
    tuples: readonly (readonly DeviceArray[])[],
    hypers: Hypers = {},
  ): DeviceArray {
    const own = portable(each, kind === 'max')
    const parts = tuples.map((inputs) => {
      const length = launchLength(inputs, {})
      return this.#fold(kind, own, inputs, { along: { length, inner: 1 }, outer: 1, hypers })
    })
    return plain.join(this, kind, parts)
  }

  matmul(a: DeviceArray, b: DeviceArray, product: MatrixProduct, finish?: Finish): DeviceArray {
    checkProduct(a, b, product)
    const { rows, inner, columns } = product
    const length = rows * columns
    const given = finish?.inputs ?? []
    const inputs = [a, ...given] // position 0 is the product itself
    if (inner === 0) {
      const none = this.write(new Float32Array(length))
      return finish ? plain.finish(this, none, product, finish) : none
    }
    const repeat = (k: number) => plain.rowOf(inputs[k]!.length, length, columns)
    const at = (k: number) => readAt(k, inputs[k]!.length, length, repeat(k))
    const each = finish && portable(finish.program)
    const key = `${JSON.stringify(product)} ${given.map((one) => one.length)}`
    const [text] = this.#plan(each ?? copy, `matmul ${key}`, () => [
      matmulSource(product, each && { program: each, at }),
    ])
    const values = each ? evaluate(each.slots, finish.hypers ?? {}) : []
    return this.#run('matmul', text!, length, { first: [a, b], inputs, values })
  }

  mapEach(
    each: Program,
    launches: readonly { inputs: readonly DeviceArray[]; launch?: Launch }[],
  ): DeviceArray[][] {
    return plain.mapEach(this, each, launches)
  }

  pick(array: DeviceArray, picks: Picks): DeviceArray {
    checkPicks(array, picks)
    const pick = this.#tables.get(picks) ?? this.#picker(picks)
    this.#tables.set(picks, pick)
    return pick(array)
  }

  /** The picks on the device, written once. */
  #picker(picks: Picks): (array: DeviceArray) => DeviceArray {
    if (picks.list.length === 0) return () => this.write(new Float32Array(picks.length))
    const steps = pickTables(picks).map(({ starts, list, width }) => {
      const tables = width === 1 ? [list] : [starts, list]
      const length = width === 1 ? list.length : starts.length - 1
      return { width, length, tables: tables.map((table) => this.write(table)) }
    })
    return (array) =>
      steps.reduce((from, { width, length, tables }) => {
        const text = { source: pickSource(width), inputs: [], slots: [] }
        const made = this.#run('pick', text, length, { first: [from, ...tables] })
        if (from !== array) this.release(from)
        return made
      }, array)
  }

  uniform(length: number, place: RandomPlace): DeviceArray {
    return this.write(uniforms24(length, place))
  }

  #own(array: DeviceArray): GpuArray {
    if (array instanceof GpuArray && array.owner === this.#launcher) return array
    throw new TypeError(
      `${this.name}: got an array of another backend; make all tensors after useBackend, on one`,
    )
  }
}

const copy = program('(a) => [a]')
const copies = { sum: copy, max: portable(copy, true) }
