import { parameter, type Tensor, tensor } from 'downhill'
import type { Fixture } from './golden.js'

/** The regression problem of regularizers.json. */
export interface Regression {
  readonly rows: number
  /** Xw + b − y, from one parameter a column and, where it is given, the intercept b. */
  residual(w: readonly Tensor[], b?: Tensor): Tensor
  /** The largest curvature of ‖Xw + b − y‖² is at most twice this: ‖X‖²_F and the column of ones. */
  readonly squares: number
}

export function regressionOf({ X, y }: Fixture): Regression {
  const { shape, data } = X as { shape: [number, number]; data: number[] }
  const [rows, columns] = shape
  const x = Array.from({ length: columns }, (_, j) =>
    tensor(Array.from({ length: rows }, (_, i) => data[i * columns + j]!)),
  )
  const target = tensor(y as number[])
  return {
    rows,
    squares: data.reduce((sum, value) => sum + value ** 2, rows),
    residual(w, b) {
      const fit = w.map((weight, j) => x[j]!.mul(weight)).reduce((a, c) => a.add(c))
      return (b ? fit.add(b) : fit).sub(target)
    },
  }
}

export const weightsOf = (values: readonly number[]): Tensor[] =>
  values.map((value, j) => parameter(value, { name: `w${j}` }))

export const valuesOf = (params: readonly Tensor[]): number[] =>
  params.map((param) => param.itemSync())
