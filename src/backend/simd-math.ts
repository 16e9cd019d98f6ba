import type { Vector, Vectors } from './simd-vectors.js'

/*
 * exp, log, tanh, pow, sin, cos of four float32. They are computed in float64, two lanes at a time, by the first terms of their
 * series: these miss by less than 2e-9 of the value, so the one rounding at the end is all that is seen, and a whole result is whole.
 * NaN, −0, ∞, overflow and subnormal numbers are as in JavaScript.
 */

const ln2 = Math.LN2
const factorials = [1]
for (let k = 1; k <= 12; k++) factorials.push(factorials[k - 1]! * k)

/** Added and taken off again, it rounds a float64 to a whole number, which its lowest bits then hold. */
const rounder = 1.5 * 2 ** 52

/** Beyond this, a float64 no longer gives x − kπ/2 well enough: π/2 in two parts, the first of 33 bits, k below 2²⁰. */
export const largestAngle = 1e6
const halfPi = 0x1921fb544 / 2 ** 32
const restOfHalfPi = 6.077100506506192e-11

/** eʳ − 1 and 2ⁿ for float64 x = n·ln 2 + r. What is under- or overflow in float32 stays so in float64's range. */
function powers(v: Vectors, x: Vector): { less1: Vector; scale: Vector } {
  const clamped = v.do('f64x2.pmax', v.do('f64x2.pmin', x, 128), -128)
  const turned = v.madd(clamped, 1 / ln2, rounder)
  const n = v.do('f64x2.sub', turned, rounder)
  const r = v.madd(n, -ln2, clamped)
  const series = v.series(
    r,
    factorials.slice(1, 9).map((factorial) => 1 / factorial),
  )
  return {
    less1: v.do('f64x2.mul', series, r),
    scale: v.do('i64x2.add', v.shift('i64x2.shl', turned, 52), 1),
  }
}

/** Of float64. */
function exp64(v: Vectors, x: Vector): Vector {
  const { less1, scale } = powers(v, x)
  return v.madd(less1, scale, scale)
}

export function exp(v: Vectors, x: Vector): Vector {
  return v.inDouble(x, (half) => exp64(v, half))
}

/** (e²ˣ − 1)/(e²ˣ + 1) of |x|, with the sign of x; from 9.02 on it is 1. */
export function tanh(v: Vectors, x: Vector): Vector {
  const result = v.inDouble(v.do('f32x4.abs', x), (half) => {
    const twice = v.do('f64x2.pmin', v.do('f64x2.add', half, half), 40)
    const { less1, scale } = powers(v, twice)
    const top = v.madd(less1, scale, v.do('f64x2.sub', scale, 1))
    return v.do('f64x2.div', top, v.do('f64x2.add', top, 2))
  })
  return v.do('v128.or', result, sign(v, x))
}

/** The sign bit of each. */
function sign(v: Vectors, x: Vector): Vector {
  return v.do('v128.and', x, -(2 ** 31))
}

/** log of float32 x > 0 in float64; x = m·2ᵉ with m from √½ to √2, log m = 2 artanh((m − 1)/(m + 1)). */
function logs(v: Vectors, x: Vector): [Vector, Vector] {
  const small = v.do('f32x4.lt', x, 2 ** -126)
  const normal = v.select(small, v.do('f32x4.mul', x, 2 ** 23), x)
  const least = 0x3f3504f3 // √½, as bits
  const above = v.do('i32x4.sub', normal, least)
  const e = v.shift('i32x4.shr_s', above, 23)
  const m = v.do('i32x4.sub', normal, v.shift('i32x4.shl', e, 23))
  const exponent = v.do('i32x4.sub', e, v.do('v128.and', small, 23))
  const upper = v.shuffle(exponent, exponent, 2, 3, 6, 7)
  const [low, high] = v.halves(m)
  const log = (half: Vector, whole: Vector) => {
    const f = v.do('f64x2.div', v.do('f64x2.sub', half, 1), v.do('f64x2.add', half, 1))
    const odd = Array.from({ length: 7 }, (_, k) => 2 / (2 * k + 1))
    const series = v.series(v.do('f64x2.mul', f, f), odd)
    const doubles = v.do('f64x2.convert_low_i32x4_s', whole)
    return v.madd(doubles, ln2, v.do('f64x2.mul', series, f))
  }
  return [log(low, exponent), log(high, upper)]
}

export function log(v: Vectors, x: Vector): Vector {
  const result = v.whole(logs(v, x))
  const finite = v.select(v.do('f32x4.lt', x, Number.POSITIVE_INFINITY), result, x)
  const orNaN = v.do('v128.or', finite, v.do('f32x4.lt', x, 0)) // all bits: NaN
  return v.select(v.do('f32x4.eq', x, 0), Number.NEGATIVE_INFINITY, orNaN)
}

/** e^(y log|x|), with what JavaScript says of signs, zeros and infinities. */
export function pow(v: Vectors, x: Vector, y: Vector): Vector {
  const size = v.do('f32x4.abs', x)
  const finite = v.select(v.do('f32x4.lt', size, Number.POSITIVE_INFINITY), 0, size)
  // Added to the log it makes −∞ of 0's, ∞ of ∞'s and NaN of NaN's.
  const ends = v.halves(v.select(v.do('f32x4.eq', size, 0), Number.NEGATIVE_INFINITY, finite))
  const exponents = v.halves(y)
  const [low, high] = logs(v, size).map((log, k) =>
    exp64(v, v.do('f64x2.mul', exponents[k]!, v.do('f64x2.add', log, ends[k]!))),
  )
  const result = v.whole([low!, high!])
  const half = v.do('f32x4.mul', y, 0.5)
  const broken = v.do('f32x4.ne', v.do('f32x4.floor', y), y)
  const odd = v.do('v128.andnot', v.do('f32x4.ne', v.do('f32x4.floor', half), half), broken)
  const signed = v.do('v128.or', result, v.do('v128.and', odd, sign(v, x)))
  const negative = v.do('f32x4.lt', x, 0)
  const root = v.do('v128.and', negative, v.do('f32x4.gt', x, Number.NEGATIVE_INFINITY))
  const orNaN = v.do('v128.or', signed, v.do('v128.and', broken, root)) // all bits: NaN
  return v.select(v.do('f32x4.eq', y, 0), 1, orNaN)
}

/** x ** 0.5, the square root but for JavaScript's word on −0 and −∞: 0 and ∞. */
export function root(v: Vectors, x: Vector): Vector {
  const least = v.do('f32x4.eq', x, Number.NEGATIVE_INFINITY)
  const positive = v.do('f32x4.add', v.do('f32x4.sqrt', x), 0)
  return v.select(least, Number.POSITIVE_INFINITY, positive)
}

/** Of angles up to `largestAngle`; beyond it the result is of no use. */
export function sin(v: Vectors, x: Vector): Vector {
  const result = circle(v, v.do('f32x4.abs', x), 0)
  return v.do('v128.xor', result, sign(v, x))
}

export function cos(v: Vectors, x: Vector): Vector {
  return circle(v, x, 1)
}

/** sin(x + quarters·π/2): by the sine or the cosine of what is left of x after the nearest kπ/2. */
function circle(v: Vectors, x: Vector, quarters: number): Vector {
  const parts = v.halves(x).map((half) => {
    const turned = v.madd(half, 2 / Math.PI, rounder)
    const k = v.do('f64x2.sub', turned, rounder)
    const r = v.madd(k, -restOfHalfPi, v.madd(k, -halfPi, half))
    const square = v.do('f64x2.mul', r, r)
    const term = (power: number) => (power % 4 < 2 ? 1 : -1) / factorials[power]!
    const sine = v.do('f64x2.mul', v.series(square, [1, 3, 5, 7, 9].map(term)), r)
    const cosine = v.series(square, [0, 2, 4, 6, 8, 10].map(term))
    return { turned, sine, cosine }
  })
  const [low, high] = parts as [(typeof parts)[0], (typeof parts)[0]]
  const sine = v.whole([low.sine, high.sine])
  const cosine = v.whole([low.cosine, high.cosine])
  const k = v.shuffle(low.turned, high.turned, 0, 2, 4, 6)
  const quarter = quarters === 0 ? k : v.do('i32x4.add', k, quarters)
  const odd = v.shift('i32x4.shr_s', v.shift('i32x4.shl', quarter, 31), 31)
  const back = sign(v, v.shift('i32x4.shl', quarter, 30))
  return v.do('v128.xor', v.select(odd, cosine, sine), back)
}
