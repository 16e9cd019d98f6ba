import type { NumberOption } from '../backend/options.js'
import { nonNegative, positive, rate } from '../backend/options.js'
import { defineOptimizer } from './define.js'

const decay: NumberOption<number> = {
  kind: 'number',
  default: -0.8,
  range: '≤ 0',
  allows: (value) => value <= 0,
}

/**
 * Adafactor: Adam without momentum, which keeps of the squares of a matrix only the means of its rows and of its columns.
 *   w = t^β        R ← (1−w)·R + w·rowMeans(g²)        C ← (1−w)·C + w·columnMeans(g²)        V = R·C / max(mean R, ε₁)
 *   u = g/√max(V, ε₁²)        p ← (1−α·λ)·p − max(ε₂, rms p)·min(α, 1/√t)·u / max(1, rms(u)/d)
 * A vector keeps V whole: V ← (1−w)·V + w·g².
 * Source    Shazeer & Stern 2018, arXiv:1804.04235, Alg. 4 and 5, as torch.optim.Adafactor.
 * Differs   Tensors of three dimensions and more keep V whole, where PyTorch factors their last two.
 * Defaults  PyTorch's: β = −0.8 (beta2Decay), ε₁ = float64's 2.2e-16 (eps), ε₂ = 1e-3 (epsScale), d = 1 (clipThreshold), lr 0.01.
 * Memory    rows + columns of a matrix, 1 float a parameter elsewhere.   Tests  test/optimizers/adafactor.test.ts
 * @throws RangeError for an option out of its range
 * @example  adafactor(params, { lr: 0.01 })
 */
export const adafactor = defineOptimizer({
  name: 'adafactor',
  options: {
    lr: rate(0.01),
    beta2Decay: decay,
    eps: positive(2 ** -52),
    epsScale: positive(1e-3),
    clipThreshold: positive(1),
    weightDecay: nonNegative(0),
  },
  state: ['row', 'column', 'v'],
  lengths: ([rows = 1, columns, ...more]) =>
    columns !== undefined && more.length === 0
      ? { row: rows, column: columns }
      : { v: [rows, columns ?? 1, ...more].reduce((a, b) => a * b) },
  update(work, { lr, beta2Decay, eps, epsScale, clipThreshold, weightDecay }) {
    const { shape, t, g, p, state } = work
    const weight = t ** beta2Decay
    const towards = '(v, x, { weight }) => [v + weight * (x - v)]'
    const squares = work.map('(g) => [g * g]', [g])
    let variance = squares
    if (state.row) {
      const [rows = 1, columns = 1] = shape
      const product = { rows, inner: columns, columns: 1 }
      const rowSums = work.matmul(squares, work.ones(columns), product)
      const columnSums = work.matmul(work.ones(rows), squares, { rows: 1, inner: rows, columns })
      const mean = '(s, { n }) => [s / n]'
      const rowMeans = work.map(mean, [rowSums], { n: columns })
      state.row = work.map(towards, [state.row, rowMeans], { weight })
      const columnMeans = work.map(mean, [columnSums], { n: rows })
      state.column = work.map(towards, [state.column!, columnMeans], { weight })
      const outer = work.matmul(state.row, state.column, { rows, inner: 1, columns })
      variance = work.map(
        '(v, sum, { n, eps }) => [v / Math.max(sum / n, eps)]',
        [outer, work.sum(state.row)],
        { n: rows, eps },
      )
    } else {
      state.v = work.map(towards, [state.v!, squares], { weight })
      variance = state.v
    }
    const u = work.map(
      '(g, v, { eps }) => [g / Math.sqrt(Math.max(v, eps * eps))]',
      [g, variance],
      {
        eps,
      },
    )
    work.p = work.map(
      '(p, u, size, length, { lr, epsScale, relative, clip, weightDecay }) => [p * (1 - lr * weightDecay) - (Math.max(epsScale, size) * relative * u) / Math.max(1, length / clip)]',
      [p, u, work.rms(p), work.rms(u)],
      { lr, epsScale, relative: Math.min(lr, 1 / Math.sqrt(t)), clip: clipThreshold, weightDecay },
    )
  },
})
