import { folds } from './simd-fold.js'
import { packing } from './simd-pack.js'
import { picking } from './simd-pick.js'
import { uniform } from './simd-uniform.js'
import { assemble } from './wasm.js'

/** What does not depend on a program. */
export const kernelModule = (): Uint8Array<ArrayBuffer> =>
  assemble([...folds(), ...picking(), ...packing(), uniform()])
