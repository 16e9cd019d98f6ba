/** Types of WebAssembly values; a v128 here holds four float32. */
const types = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b }

export type WasmType = keyof typeof types

/** Instructions without operands. */
const plain = {
  block: [0x02, 0x40],
  loop: [0x03, 0x40],
  if: [0x04, 0x40],
  end: [0x0b],
  'f32.max': [0x97],
  'f64.add': [0xa0],
  'f64.promote_f32': [0xbb],
  'i32.add': [0x6a],
  'i32.sub': [0x6b],
  'i32.mul': [0x6c],
  'i32.ge_u': [0x4f],
  'i32.gt_u': [0x4b],
  'i32.le_u': [0x4d],
  'i32.lt_u': [0x49],
}

/** Vector instructions without operands; each follows the prefix 0xfd. */
const vector = {
  'i32x4.splat': 0x11,
  'f32x4.splat': 0x13,
  'i32x4.gt_s': 0x3b,
  'f32x4.eq': 0x41,
  'f32x4.ne': 0x42,
  'f32x4.lt': 0x43,
  'f32x4.gt': 0x44,
  'f32x4.le': 0x45,
  'f32x4.ge': 0x46,
  'v128.and': 0x4e,
  'v128.bitselect': 0x52,
  'f64x2.promote_low_f32x4': 0x5f,
  'f32x4.floor': 0x68,
  'f32x4.abs': 0xe0,
  'f32x4.neg': 0xe1,
  'f32x4.sqrt': 0xe3,
  'f32x4.add': 0xe4,
  'f32x4.sub': 0xe5,
  'f32x4.mul': 0xe6,
  'f32x4.div': 0xe7,
  'f32x4.min': 0xe8,
  'f32x4.max': 0xe9,
  'f64x2.add': 0xf0,
  'f64x2.mul': 0xf2,
  'f32x4.relaxed_madd': 0x105,
}

export type Instruction = keyof typeof plain | keyof typeof vector

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
const text = (name: string) => [...unsigned(name.length), ...new TextEncoder().encode(name)]
const list = (items: number[][]) => [...unsigned(items.length), ...items.flat()]
const section = (id: number, content: number[]) => [id, ...unsigned(content.length), ...content]

/** One function of a module, written instruction by instruction: `f.get(a).get(b).op('f32x4.add').set(sum)`. */
export class WasmFunction {
  readonly #locals: WasmType[] = []
  readonly #code: number[] = []

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

  /** A float64 on top goes to the address below it. */
  storeDouble(): this {
    return this.#emit(0x39, 3, 0)
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

  /** The first of the four alone. */
  storeFirst(offset = 0): this {
    return this.#emit(0xfd, 0x5a, 2, ...unsigned(offset), 0)
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

  /** Of two vectors the upper halves: of one that is given twice, its upper two as the lower two. */
  upper(): this {
    const half = [8, 9, 10, 11, 12, 13, 14, 15]
    return this.#emit(0xfd, 0x0d, ...half, ...half.map((byte) => byte + 16))
  }

  /** @internal */
  get type(): number[] {
    const results = this.result ? [[types[this.result]]] : []
    return [0x60, ...list(this.params.map((type) => [types[type]])), ...list(results)]
  }

  /** @internal */
  get body(): number[] {
    const content = [...list(this.#locals.map((type) => [1, types[type]])), ...this.#code, 0x0b]
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
