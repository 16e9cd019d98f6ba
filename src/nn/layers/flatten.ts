import type { Layer } from '../layer.js'
import { sizeOf } from '../sizes.js'
import { stateless } from './stateless.js'

/**
 * All dimensions but the first as one: [n, 3, 8, 8] → [n, 192].
 * Source    torch.nn.Flatten.   Tests  test/nn/layers/flatten.test.ts
 * @example  flatten()(tensor(new Float32Array(24), { shape: [2, 3, 4] })).shape // [2, 12]
 */
export const flatten = (): Layer =>
  stateless('flatten()', (x) => x.reshape([x.shape[0] ?? 1, sizeOf(x.shape.slice(1))]))
