import { hasRelaxedSimd, type WasmFunction } from './wasm.js'
import type { VectorInstruction } from './wasm-instructions.js'

/** A vector in a variable of the function that is written. */
export interface Vector {
  readonly local: number
}

/** A vector, or a number that all lanes hold: of the kind that the instruction takes. */
type Operand = Vector | number

/** Writes arithmetic into a function: each operation leaves its result in a new variable. */
export class Vectors {
  readonly #f: WasmFunction
  readonly #fused = hasRelaxedSimd()

  constructor(f: WasmFunction) {
    this.#f = f
  }

  /** The result of an instruction in a variable. Constants of i64x2 are the bits of a float64. */
  do(name: VectorInstruction, ...operands: Operand[]): Vector {
    for (const operand of operands) this.#put(name, operand)
    this.#f.op(name)
    return this.#keep()
  }

  #put(name: VectorInstruction, operand: Operand): void {
    if (typeof operand !== 'number') this.#f.get(operand.local)
    else if (name.startsWith('f32')) this.#f.get(this.#f.constant('vector', operand))
    else if (name.startsWith('f64') || name.startsWith('i64'))
      this.#f.get(this.#f.constant('doubles', operand))
    else this.#f.get(this.#f.constant('integers', operand))
  }

  #keep(): Vector {
    const local = this.#f.local('v128')
    this.#f.set(local)
    return { local }
  }

  shift(name: VectorInstruction, x: Vector, bits: number): Vector {
    this.#f.get(x.local).i32(bits).op(name)
    return this.#keep()
  }

  /** `yes` where the mask is set. */
  select(mask: Vector, yes: Operand, no: Operand): Vector {
    this.#put('f32x4.eq', yes)
    this.#put('f32x4.eq', no)
    this.#f.get(mask.local).op('v128.bitselect')
    return this.#keep()
  }

  shuffle(a: Vector, b: Vector, ...lanes: number[]): Vector {
    this.#f
      .get(a.local)
      .get(b.local)
      .shuffle(...lanes)
    return this.#keep()
  }

  /** a·b + c of float64; where it is rounded only once, it is no worse. */
  madd(a: Vector, b: Operand, c: Operand): Vector {
    if (this.#fused) return this.do('f64x2.relaxed_madd', a, b, c)
    return this.do('f64x2.add', this.do('f64x2.mul', a, b), c)
  }

  /** c₀ + c₁x + c₂x² + … in pairs, pairs of pairs with x², …: fewer operations that wait for each other than in Horner's order. */
  series(x: Vector, terms: readonly Operand[]): Vector {
    const pairs: Operand[] = []
    for (let k = 0; k < terms.length; k += 2) {
      const [low, high] = [terms[k]!, terms[k + 1]]
      pairs.push(high === undefined ? low : this.madd(x, high, low))
    }
    const [first] = pairs
    if (pairs.length === 1 && typeof first === 'object') return first
    return this.series(this.do('f64x2.mul', x, x), pairs)
  }

  /** The four as float64: lower two, upper two. */
  halves(x: Vector): [Vector, Vector] {
    const upper = this.shuffle(x, x, 2, 3, 6, 7)
    return [this.do('f64x2.promote_low_f32x4', x), this.do('f64x2.promote_low_f32x4', upper)]
  }

  /** Back to four float32, rounded. */
  whole([low, high]: readonly [Vector, Vector]): Vector {
    const [a, b] = [low, high].map((half) => this.do('f32x4.demote_f64x2_zero', half))
    return this.shuffle(a!, b!, 0, 1, 4, 5)
  }

  /** Applies float64 arithmetic to both halves. */
  inDouble(x: Vector, compute: (half: Vector) => Vector): Vector {
    const [low, high] = this.halves(x)
    return this.whole([compute(low), compute(high)])
  }
}
