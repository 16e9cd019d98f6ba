import { type Instruction, plain, vector } from './wasm-instructions.js'

/** Types of WebAssembly values; a v128 here holds four float32. */
const types = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b }

export type WasmType = keyof typeof types

/** LEB128, WebAssembly's form of whole numbers. */
function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  do {
    const low = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? low + 128 : low)
  } while (rest > 0)
  return bytes
}

function signed(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (;;) {
    const low = rest & 127
    rest >>= 7
    const last = rest === (low & 64 ? -1 : 0)
    bytes.push(last ? low : low + 128)
    if (last) return bytes
  }
}

const float32 = (value: number) => [...new Uint8Array(Float32Array.of(value).buffer)]
const float64 = (value: number) => [...new Uint8Array(Float64Array.of(value).buffer)]
const text = (name: string) => [...unsigned(name.length), ...new TextEncoder().encode(name)]
const list = (items: number[][]) => [...unsigned(items.length), ...items.flat()]
const section = (id: number, content: number[]) => [id, ...unsigned(content.length), ...content]

/** One function of a module, written instruction by instruction: `f.get(a).get(b).op('f32x4.add').set(sum)`. */
export class WasmFunction {
  readonly #locals: WasmType[] = []
  readonly #code: number[] = []
  readonly #start: number[] = []
  readonly #constants = new Map<string, number>()

  constructor(
    readonly name: string,
    readonly params: readonly WasmType[],
    readonly result?: WasmType,
  ) {}

  /** A new variable; it starts at 0. Parameters are variables 0, 1, … */
  local(type: WasmType): number {
    this.#locals.push(type)
    return this.params.length + this.#locals.length - 1
  }

  #emit(...bytes: number[]): this {
    for (const byte of bytes) this.#code.push(byte)
    return this
  }

  op(name: Instruction): this {
    return name in vector
      ? this.#emit(0xfd, ...unsigned(vector[name as keyof typeof vector]))
      : this.#emit(...plain[name as keyof typeof plain])
  }

  get(local: number): this {
    return this.#emit(0x20, ...unsigned(local))
  }

  set(local: number): this {
    return this.#emit(0x21, ...unsigned(local))
  }

  tee(local: number): this {
    return this.#emit(0x22, ...unsigned(local))
  }

  /** Calls a function by its number: the imported ones first, then those of the module. */
  call(index: number): this {
    return this.#emit(0x10, ...unsigned(index))
  }

  /** Jumps if the top is not 0: out of the block, or back to the start of the loop, `depth` levels up. */
  jumpIf(depth: number): this {
    return this.#emit(0x0d, ...unsigned(depth))
  }

  i32(value: number): this {
    return this.#emit(0x41, ...signed(value))
  }

  /** A vector that never changes, in a variable that is set before all else: written inside a loop, V8 makes it anew each time. */
  constant(kind: 'vector' | 'doubles' | 'integers', value: number): number {
    const key = `${kind} ${Object.is(value, -0) ? '-0' : value}`
    let local = this.#constants.get(key)
    if (local === undefined) {
      local = this.local('v128')
      const at = this.#code.length
      if (kind === 'integers') this.integers(value, value, value, value)
      else this[kind](value)
      this.set(local)
      this.#start.push(...this.#code.splice(at))
      this.#constants.set(key, local)
    }
    return local
  }

  /** Four times the same number. */
  vector(value: number): this {
    return this.#emit(0xfd, 0x0c, ...[0, 1, 2, 3].flatMap(() => float32(value)))
  }

  /** Four whole numbers. */
  integers(...lanes: [number, number, number, number]): this {
    return this.#emit(0xfd, 0x0c, ...new Uint8Array(Int32Array.from(lanes).buffer))
  }

  /** One number from the address on top, plain, not in a vector. */
  loadPlain(type: 'i32' | 'f32', offset = 0): this {
    return this.#emit(type === 'i32' ? 0x28 : 0x2a, 2, ...unsigned(offset))
  }

  /** A plain number on top goes to the address below it. */
  storePlain(type: 'f32' | 'f64', offset = 0): this {
    return this.#emit(...(type === 'f32' ? [0x38, 2] : [0x39, 3]), ...unsigned(offset))
  }

  /** Twice the same float64. */
  doubles(value: number): this {
    return this.#emit(0xfd, 0x0c, ...float64(value), ...float64(value))
  }

  /** Four float32 from the address on top. */
  load(offset = 0): this {
    return this.#emit(0xfd, 0x00, 2, ...unsigned(offset))
  }

  /** One float32, four times. */
  loadSplat(offset = 0): this {
    return this.#emit(0xfd, 0x09, 2, ...unsigned(offset))
  }

  store(offset = 0): this {
    return this.#emit(0xfd, 0x0b, 2, ...unsigned(offset))
  }

  lane(index: number): this {
    return this.#emit(0xfd, 0x1f, index)
  }

  setLane(index: number): this {
    return this.#emit(0xfd, 0x20, index)
  }

  /** One of the two float64. */
  lane64(index: number): this {
    return this.#emit(0xfd, 0x21, index)
  }

  /** Of two vectors (numbers 0 to 3, and 4 to 7) the four that are named. */
  shuffle(...lanes: number[]): this {
    return this.#emit(0xfd, 0x0d, ...lanes.flatMap((k) => [0, 1, 2, 3].map((b) => k * 4 + b)))
  }

  /** Of two vectors the upper halves: of one that is given twice, its upper two as the lower two. */
  upper(): this {
    return this.shuffle(2, 3, 6, 7)
  }

  /** @internal */
  get type(): number[] {
    const results = this.result ? [[types[this.result]]] : []
    return [0x60, ...list(this.params.map((type) => [types[type]])), ...list(results)]
  }

  /** @internal */
  get body(): number[] {
    const content = [
      ...list(this.#locals.map((type) => [1, types[type]])),
      ...this.#start,
      ...this.#code,
      0x0b,
    ]
    return [...unsigned(content.length), ...content]
  }
}

/** What a module takes from outside besides its memory: functions of float32, by name and number of arguments. */
export type WasmImports = readonly (readonly [name: string, arity: number])[]

/** The bytes of a module over a memory that it imports as `env.memory`; all its functions are exported. */
export function assemble(
  functions: readonly WasmFunction[],
  imports: WasmImports = [],
): Uint8Array<ArrayBuffer> {
  const f32 = [types.f32]
  const imported = imports.map(([, arity]) => [
    0x60,
    ...list(Array.from({ length: arity }, () => f32)),
    ...list([f32]),
  ])
  const index = (k: number) => unsigned(imports.length + k)
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list([...imported, ...functions.map(({ type }) => type)])),
    ...section(
      2,
      list([
        [...text('env'), ...text('memory'), 2, 0, 0],
        ...imports.map(([name], k) => [...text('env'), ...text(name), 0, ...unsigned(k)]),
      ]),
    ),
    ...section(3, list(functions.map((_, k) => index(k)))),
    ...section(7, list(functions.map(({ name }, k) => [...text(name), 0, ...index(k)]))),
    ...section(10, list(functions.map(({ body }) => body))),
  ])
}

let relaxed: boolean | undefined

/**
 * Whether the runtime has relaxed SIMD: `f32x4.relaxed_madd` takes a, b, c and gives a·b + c, rounded once where the processor can.
 * Node 24 and Chromium have it, Node 20 does not; a module with such an instruction is refused there.
 */
export function hasRelaxedSimd(): boolean {
  if (relaxed === undefined) {
    const f = new WasmFunction('probe', ['i32']).get(0)
    f.vector(1).vector(1).vector(1).op('f32x4.relaxed_madd').store()
    relaxed = globalThis.WebAssembly?.validate(assemble([f])) ?? false
  }
  return relaxed
}
