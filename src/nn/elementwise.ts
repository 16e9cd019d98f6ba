import type { DeviceArray } from '../backend/backend.js'
import { program } from '../backend/rule.js'
import { broadcastShape, fitTo, sumBack } from './broadcast.js'
import type { Tensor } from './tensor.js'

type Hypers = Readonly<Record<string, number>>

/** An operation of two: its value of a and b, and the slopes for a and for b, times the gradient d. */
export interface Pairwise {
  readonly value: string
  readonly slopes: readonly [string, string]
}

export const pairwise = {
  add: { value: 'a + b', slopes: ['d', 'd'] },
  sub: { value: 'a - b', slopes: ['d', '-d'] },
  mul: { value: 'a * b', slopes: ['d * b', 'd * a'] },
  div: { value: 'a / b', slopes: ['d / b', '-d * a / (b * b)'] },
} as const satisfies Record<string, Pairwise>

/** `forward` of each element a; `backward`: its gradient, from a and the gradient d of the result. */
export function each(x: Tensor, forward: string, backward: string, hypers: Hypers = {}): Tensor {
  const { backend, array, shape } = x
  const [value] = backend.map(program(forward), [array], { hypers })
  return x.record(value!, shape, [x], (d) => backend.map(program(backward), [array, d], { hypers }))
}

/** As `each`, with the gradient from the result y: (y, d) → … */
export function eachByResult(
  x: Tensor,
  forward: string,
  backward: string,
  hypers: Hypers = {},
): Tensor {
  const { backend, array, shape } = x
  const [y] = backend.map(program(forward), [array], { hypers })
  return x.record(y!, shape, [x], (d) => backend.map(program(backward), [y!, d], { hypers }))
}

/** Beside a plain number. */
export function withNumber(a: Tensor, b: number, { value, slopes }: Pairwise): Tensor {
  return each(a, `(a, { b }) => [${value}]`, `(a, d, { b }) => [${slopes[0]}]`, { b })
}

/** Beside a tensor, both repeated to their common shape; gradients are summed back. */
export function combine(a: Tensor, b: Tensor, { value, slopes }: Pairwise): Tensor {
  const { backend } = a
  if (b.backend !== backend)
    throw new TypeError(`${a} and ${b}: both must live on one backend; make them after useBackend`)
  const shape = broadcastShape(a.shape, b.shape)
  if (!shape)
    throw new RangeError(
      `${a} and ${b}: shapes do not fit; counted from the last dimension, lengths must be equal, or one of them 1`,
    )
  const both = [a, b] as const
  const fitted = both.map((one) => fitTo(backend, one.array, one.shape, shape))
  const inputs = fitted.map(({ array }) => array)
  const launch = {
    length: shape.reduce((product, n) => product * n, 1),
    repeat: fitted.map(({ repeat }) => repeat),
  }
  const [result] = backend.map(program(`(a, b) => [${value}]`), inputs, launch)
  const own = fitted.flatMap(({ array, made }) => (made ? [array] : []))
  return a.record(
    result!,
    shape,
    both,
    (d) => {
      const needed = [0, 1].filter((k) => both[k]!.requiresGrad)
      const computed = needed.filter((k) => slopes[k] !== 'd')
      const text = computed.map((k) => slopes[k]).join(', ')
      const made =
        computed.length > 0
          ? backend.map(program(`(a, b, d) => [${text}]`), [...inputs, d], launch)
          : []
      const parts: (DeviceArray | undefined)[] = [undefined, undefined]
      for (const k of needed) {
        const whole = made[computed.indexOf(k)] ?? d
        parts[k] = sumBack(backend, whole, both[k]!.shape, shape)
        if (whole !== d && parts[k] !== whole) backend.release(whole)
      }
      return parts
    },
    own,
  )
}
