import type { Picks } from './picks.js'
import type { Block, SimdMemory } from './simd-memory.js'
import { WasmFunction } from './wasm.js'

// A sum of one element is that element added to 0: so −0 gives 0, as on every backend.

/** One element for each place: (from, table, end of the table, to), four places a turn. The table holds numbers of elements. */
function pickOnes(): WasmFunction {
  const f = new WasmFunction('pickOnes', ['i32', 'i32', 'i32', 'i32'])
  const [from, table, end, to] = [0, 1, 2, 3]
  const zero = f.local('f32')
  f.op('loop')
  for (const offset of [0, 4, 8, 12]) {
    f.get(to).get(from).get(table).loadPlain('i32', offset).i32(2).op('i32.shl').op('i32.add')
    f.loadPlain('f32').get(zero).op('f32.add').storePlain('f32', offset)
  }
  f.get(to).i32(16).op('i32.add').set(to)
  return f.get(table).i32(16).op('i32.add').tee(table).get(end).op('i32.lt_u').jumpIf(0).op('end')
}

/** Four neighbours for each four places: (from, table, end of the table, to). The table holds the number of the first. */
function pickFours(): WasmFunction {
  const f = new WasmFunction('pickFours', ['i32', 'i32', 'i32', 'i32'])
  const [from, table, end, to] = [0, 1, 2, 3]
  const zero = f.local('v128')
  f.op('loop').get(to).get(from).get(table).loadPlain('i32').i32(2).op('i32.shl').op('i32.add')
  f.load().get(zero).op('f32x4.add').store().get(to).i32(16).op('i32.add').set(to)
  return f.get(table).i32(4).op('i32.add').tee(table).get(end).op('i32.lt_u').jumpIf(0).op('end')
}

/**
 * Any number for each place, added up in float64: (from, table, end of the table, to). The table holds for each place how many bytes of
 * numbers of elements follow, and these.
 */
function pickSums(): WasmFunction {
  const f = new WasmFunction('pickSums', ['i32', 'i32', 'i32', 'i32'])
  const [from, table, end, to] = [0, 1, 2, 3]
  const [stop, zero, total] = [f.local('i32'), f.local('f64'), f.local('f64')]
  const forward = () => f.get(table).i32(4).op('i32.add').tee(table)
  f.op('loop').get(zero).set(total)
  f.get(table).loadPlain('i32')
  forward().op('i32.add').set(stop)
  f.op('block').get(table).get(stop).op('i32.eq').jumpIf(0).op('loop')
  f.get(from).get(table).loadPlain('i32').i32(2).op('i32.shl').op('i32.add').loadPlain('f32')
  f.op('f64.promote_f32').get(total).op('f64.add').set(total)
  forward().get(stop).op('i32.lt_u').jumpIf(0).op('end').op('end')
  f.get(to).get(total).op('f32.demote_f64').storePlain('f32').get(to).i32(4).op('i32.add').set(to)
  return f.get(table).get(end).op('i32.lt_u').jumpIf(0).op('end')
}

export const picking = (): WasmFunction[] => [pickOnes(), pickFours(), pickSums()]

interface Table {
  readonly kernel: 'pickOnes' | 'pickFours' | 'pickSums'
  readonly ints: Int32Array
}

/** What a table that is kept occupies, until it is given up for newer ones. */
interface Place {
  readonly kernel: Table['kernel']
  readonly end: number
  block: Block | undefined
}

function tableOf({ starts, list, length }: Picks): Table {
  let ones = list.length === length
  for (let k = 0; ones && k < length; k++) ones = starts[k] === k
  if (!ones) return { kernel: 'pickSums', ints: sumsOf(starts, list, length) }
  let fours = length % 4 === 0
  for (let k = 0; fours && k < length; k++) fours = k % 4 === 0 || list[k] === list[k - 1]! + 1
  if (!fours) return { kernel: 'pickOnes', ints: list }
  return {
    kernel: 'pickFours',
    ints: Int32Array.from({ length: length / 4 }, (_, k) => list[k * 4]!),
  }
}

function sumsOf(starts: Int32Array, list: Int32Array, length: number): Int32Array {
  const ints = new Int32Array(length + list.length)
  let at = 0
  for (let place = 0; place < length; place++) {
    const [first, last] = [starts[place]!, starts[place + 1]!]
    ints[at++] = (last - first) * 4
    for (let k = first; k < last; k++) ints[at++] = list[k]!
  }
  return ints
}

/** Bytes of tables that are kept. */
const most = 2 ** 24

/**
 * The tables of picks in the memory. Picks that are used once (a batch of words) leave nothing behind; those that come again keep their
 * table until they are garbage, or until there are too many: finalizers do not run within a loop.
 */
export class PickTables {
  readonly #memory: SimdMemory
  readonly #places = new WeakMap<Picks, Place | 'seen'>()
  readonly #kept = new Set<Place>()
  readonly #garbage = new FinalizationRegistry<Place>((place) => this.#drop(place))
  #bytes = 0

  constructor(memory: SimdMemory) {
    this.#memory = memory
  }

  /** Calls `run` with the kernel's name, the table's address and its end. */
  use(picks: Picks, run: (kernel: Table['kernel'], table: number, end: number) => void): void {
    const known = this.#places.get(picks)
    if (known !== undefined && known !== 'seen' && known.block) {
      run(known.kernel, known.block.at, known.end)
      return
    }
    const { kernel, ints } = tableOf(picks)
    const block = this.#memory.allocate(ints.length)
    new Int32Array(this.#memory.floats.buffer, block.at, ints.length).set(ints)
    const end = block.at + ints.length * 4
    // The last turn of pickOnes reads up to three numbers more than there are.
    if (kernel === 'pickOnes') new Int32Array(this.#memory.floats.buffer, end, 3).fill(0)
    run(kernel, block.at, end)
    if (known) this.#keep(picks, { kernel, end, block })
    else {
      this.#places.set(picks, 'seen')
      this.#memory.free(block)
    }
  }

  #keep(picks: Picks, place: Place): void {
    this.#places.set(picks, place)
    this.#garbage.register(picks, place)
    this.#kept.add(place)
    this.#bytes += place.block!.floats * 4
    for (const old of this.#kept) {
      if (this.#bytes <= most || old === place) break
      this.#drop(old)
    }
  }

  #drop(place: Place): void {
    if (!place.block) return
    this.#bytes -= place.block.floats * 4
    this.#memory.free(place.block)
    place.block = undefined
    this.#kept.delete(place)
  }
}
