import { WasmFunction } from './wasm.js'

/** Multipliers and steps of the key of Philox4x32. */
const factors = [0xd2511f53, 0xcd9e8d57]
const steps = [0x9e3779b9, 0xbb67ae85]

/**
 * `uniforms24` of src/nn/random.ts, bit for bit: (to, bytes, stream, low and high half of the step, of the seed). Two times four
 * counters a turn, one a lane, so that none waits for the other; up to 31 numbers are written past the end.
 */
export function uniform(): WasmFunction {
  const f = new WasmFunction(
    'uniform',
    Array.from({ length: 7 }, () => 'i32'),
  )
  const [to, bytes] = [0, 1]
  const vector = () => f.local('v128')
  const fixed = (write: () => void) => {
    const local = vector()
    write()
    f.set(local)
    return local
  }
  const words = (value: number) => fixed(() => f.integers(value, value, value, value))
  const [stream, low, high, ...seed] = [2, 3, 4, 5, 6].map((param) =>
    fixed(() => f.get(param).op('i32x4.splat')),
  ) as [number, number, number, number, number]
  const [factor, step] = [factors.map(words), steps.map(words)]
  const [four, eight] = [words(4), words(8)]
  const scale = fixed(() => f.vector(2 ** -24))
  const counter = fixed(() => f.integers(0, 1, 2, 3))
  const vectors = (): Four => [vector(), vector(), vector(), vector()]
  const groups = [vectors(), vectors()]
  const keys = [vector(), vector()]
  const products = vectors()
  const end = f.local('i32')
  f.get(to).get(bytes).op('i32.add').set(end).op('loop')
  for (const [k, group] of groups.entries()) {
    f.get(counter)
    if (k === 1) f.get(four).op('i32x4.add')
    f.set(group[0])
    for (const [word, from] of [stream, low, high].entries()) f.get(from).set(group[word + 1]!)
  }
  for (const [k, from] of seed.entries()) f.get(from).set(keys[k]!)
  for (let round = 0; round < 10; round++) {
    for (const group of groups) philoxRound(f, group, keys, factor, products)
    for (const [k, key] of keys.entries()) f.get(key).get(step[k]!).op('i32x4.add').set(key)
  }
  for (const [k, group] of groups.entries()) {
    for (const word of group)
      f.get(word)
        .i32(8)
        .op('i32x4.shr_u')
        .op('f32x4.convert_i32x4_s')
        .get(scale)
        .op('f32x4.mul')
        .set(word)
    storeTurned(f, to, k * 64, group, products)
  }
  f.get(counter).get(eight).op('i32x4.add').set(counter)
  f.get(to).i32(128).op('i32.add').tee(to).get(end).op('i32.lt_u').jumpIf(0).op('end')
  return f
}

type Four = readonly [number, number, number, number]

/** One round: the words become (high₁ ⊕ c₁ ⊕ k₀, low₁, high₀ ⊕ c₃ ⊕ k₁, low₀) of the products of c₀ and c₂. */
function philoxRound(
  f: WasmFunction,
  [c0, c1, c2, c3]: Four,
  keys: readonly number[],
  factor: readonly number[],
  [a, b, c, d]: Four,
): void {
  const product = (word: number, by: number, [upper, lower]: readonly [number, number]) => {
    f.get(word).get(by).op('i64x2.extmul_low_i32x4_u')
    f.get(word).get(by).op('i64x2.extmul_high_i32x4_u').shuffle(1, 3, 5, 7).set(upper)
    f.get(word).get(by).op('i32x4.mul').set(lower)
  }
  product(c0, factor[0]!, [a, b])
  product(c2, factor[1]!, [c, d])
  f.get(c).get(c1).op('v128.xor').get(keys[0]!).op('v128.xor').set(c0)
  f.get(d).set(c1)
  f.get(a).get(c3).op('v128.xor').get(keys[1]!).op('v128.xor').set(c2)
  f.get(b).set(c3)
}

/** Stores four vectors as the columns of 4 × 4 numbers. */
function storeTurned(
  f: WasmFunction,
  to: number,
  at: number,
  [x0, x1, x2, x3]: Four,
  [a, b, c, d]: Four,
): void {
  f.get(x0).get(x1).shuffle(0, 4, 1, 5).set(a).get(x2).get(x3).shuffle(0, 4, 1, 5).set(b)
  f.get(x0).get(x1).shuffle(2, 6, 3, 7).set(c).get(x2).get(x3).shuffle(2, 6, 3, 7).set(d)
  f.get(to)
    .get(a)
    .get(b)
    .shuffle(0, 1, 4, 5)
    .store(at + 0)
  f.get(to)
    .get(a)
    .get(b)
    .shuffle(2, 3, 6, 7)
    .store(at + 16)
  f.get(to)
    .get(c)
    .get(d)
    .shuffle(0, 1, 4, 5)
    .store(at + 32)
  f.get(to)
    .get(c)
    .get(d)
    .shuffle(2, 3, 6, 7)
    .store(at + 48)
}
