import type { DeviceArray } from '../../backend/backend.js'
import { checkNames, checkOption, share } from '../../backend/options.js'
import { program } from '../../backend/rule.js'
import type { Layer } from '../layer.js'
import { placeFor } from '../seed.js'
import type { Tensor } from '../tensor.js'
import { stateless } from './stateless.js'

const kept = '(x, u, { p, scale }) => [u < p ? 0 : scale * x]'

/** x/(1 − p) where u ≥ p, else 0. `u` is freed with the graph. */
export function dropBy(x: Tensor, u: DeviceArray, p: number): Tensor {
  const { backend } = x
  const hypers = { p, scale: p < 1 ? 1 / (1 - p) : 0 }
  const [y] = backend.map(program(kept), [x.array, u], { hypers })
  const backward = (d: DeviceArray) => backend.map(program(kept), [d, u], { hypers })
  return x.record(y!, x.shape, [x], backward, [u])
}

/**
 * Dropout: while training each element is 0 with probability p, and the others are divided by 1 − p, so that the mean stays. In evaluation: nothing.
 * Source    Srivastava et al. 2014; torch.nn.Dropout.
 * Differs   The numbers are Philox's at (seed, count of calls, stream), and the count is saved with the state: a resumed run drops the same.
 * Defaults  p = 0.5.   Memory  1 float an element until `backward()`.   Tests  test/nn/layers/dropout.test.ts
 * @throws RangeError unless p is in [0, 1]
 * @example  const model = sequential(linear(64, 128), relu(), dropout(0.2, { seed: 1 }), linear(128, 10))
 */
export function dropout(p = 0.5, options: { seed?: number } = {}): Layer {
  checkOption('dropout', 'p', share(), p)
  checkNames('dropout', { seed: true }, options)
  const counts = { draws: 0 }
  let { seed, stream } = placeFor('dropout', options.seed)
  return stateless(
    `dropout(${p})`,
    (x, { training }) => {
      if (!training || p === 0) return x
      const u = x.backend.uniform(x.size, { seed, step: counts.draws, stream })
      counts.draws += 1
      return dropBy(x, u, p)
    },
    {
      counts,
      initialize(place) {
        ;({ seed, stream } = place)
      },
    },
  )
}
