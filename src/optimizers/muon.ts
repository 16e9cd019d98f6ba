import type { DeviceArray, MatrixProduct } from '../backend/backend.js'
import { choice, count, flag, fraction, nonNegative, positive, rate } from '../backend/options.js'
import { defineOptimizer } from './define.js'
import type { TensorWork } from './work.js'

/** The quintic whose iteration pushes all singular values towards 1. */
const [a, b, c] = [3.4445, -4.775, 2.0315]

/**
 * Muon: momentum made (nearly) orthogonal, for the weight matrices of hidden layers.
 *   m ← μ·m + (1−μ)·g        u = m, or (1−μ)·g + μ·m (Nesterov)        X = u/max(‖u‖, ε)
 *   repeat:  A = X·Xᵀ,  X ← a·X + (b·A + c·A²)·X        p ← (1−α·λ)·p − α·√max(1, rows/columns)·X
 * Source    Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks", as torch.optim.Muon; a, b, c = 3.4445, −4.775, 2.0315.
 * Differs   PyTorch iterates in bfloat16, ours in the precision of the backend. adjust: 'rms': α·0.2·√max(rows, columns), so that Adam's α fits.
 *           convention: 'optax' corrects m for its start at 0, divides by ‖u‖ + ε, and takes its matrices as inputs × outputs: √max(1, columns/rows).
 * Defaults  PyTorch's (μ = 0.95, λ = 0.1, five iterations), lr 1e-3.   Memory  1 float a parameter.   Tests  test/optimizers/muon.test.ts
 * @throws RangeError for an option out of its range, and for a parameter that is no matrix
 * @example  muon(weights, { lr: 0.02 })   // biases and embeddings: adamw
 */
export const muon = defineOptimizer({
  name: 'muon',
  options: {
    lr: rate(1e-3),
    momentum: fraction(0.95),
    nesterov: flag(true),
    weightDecay: nonNegative(0.1),
    eps: positive(1e-7),
    iterations: count(5),
    adjust: choice('shape', 'rms'),
    convention: choice('torch', 'optax'),
  },
  state: ['m'],
  lengths(shape) {
    const [rows = 1, columns = 1] = shape
    if (shape.length !== 2)
      throw new RangeError(
        `muon: it moves matrices alone, got a parameter of shape [${shape.join(', ')}]; give that to adamw`,
      )
    return { m: rows * columns }
  },
  update(work, { lr, momentum, nesterov, weightDecay, eps, iterations, adjust, convention }) {
    const { g, p, state, shape, t } = work
    const [rows = 1, columns = 1] = shape
    const optax = convention === 'optax'
    state.m = work.map('(m, g, { mu }) => [mu * m + (1 - mu) * g]', [state.m!, g], { mu: momentum })
    const corrected = (power: number) => (optax ? 1 - momentum ** power : 1)
    const u = nesterov
      ? work.map('(m, g, { mu, cm, cg }) => [((1 - mu) * g) / cg + (mu * m) / cm]', [state.m, g], {
          mu: momentum,
          cm: corrected(t + 1),
          cg: corrected(t),
        })
      : work.map('(m, { cm }) => [m / cm]', [state.m], { cm: corrected(t) })
    const scale =
      adjust === 'rms'
        ? 0.2 * Math.sqrt(Math.max(rows, columns))
        : Math.sqrt(Math.max(1, optax ? columns / rows : rows / columns))
    const x = orthogonalize(work, u, { rows, columns, iterations, eps, added: optax })
    work.p = work.map(
      '(p, x, { lr, scale, decay }) => [p * (1 - lr * decay) - lr * scale * x]',
      [p, x],
      {
        lr,
        scale,
        decay: weightDecay,
      },
    )
  },
})

interface Orthogonalize {
  rows: number
  columns: number
  iterations: number
  eps: number
  /** ε is added to the norm, rather than its lower bound. */
  added: boolean
}

/** Newton–Schulz. The product with itself is taken over the longer side, so that it is the smaller of the two squares. */
function orthogonalize(
  work: TensorWork,
  u: DeviceArray,
  { rows, columns, iterations, eps, added }: Orthogonalize,
): DeviceArray {
  const norm = work.map('(s) => [Math.sqrt(s)]', [work.sum(work.map('(u) => [u * u]', [u]))])
  const divide = added
    ? '(u, norm, { eps }) => [u / (norm + eps)]'
    : '(u, norm, { eps }) => [u / Math.max(norm, eps)]'
  let x = work.map(divide, [u, norm], { eps })
  const wide = rows <= columns
  const side = Math.min(rows, columns)
  const square: MatrixProduct = { rows: side, inner: side, columns: side }
  const gram: MatrixProduct = wide
    ? { rows, inner: columns, columns: rows, transposeB: true }
    : { rows: columns, inner: rows, columns, transposeA: true }
  for (let k = 0; k < iterations; k++) {
    const aa = work.matmul(x, x, gram)
    const bb = work.map(
      '(a, aa, { b, c }) => [b * a + c * aa]',
      [aa, work.matmul(aa, aa, square)],
      {
        b,
        c,
      },
    )
    const turned = wide
      ? work.matmul(bb, x, { rows, inner: rows, columns })
      : work.matmul(x, bb, { rows, inner: columns, columns })
    x = work.map('(x, turned, { a }) => [a * x + turned]', [x, turned], { a })
  }
  return x
}
