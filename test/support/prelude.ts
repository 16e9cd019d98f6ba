import { mkdtempSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  adam,
  linear,
  parameter,
  relu,
  type Schedule,
  sequential,
  type Tensor,
  warmupCosine,
} from 'downhill'
import '../../lessons/01-three-adam-steps/visible.js'

/** Where examples write files. */
export const scratch = mkdtempSync(join(tmpdir(), 'downhill-examples-'))
const gradient = (w: Tensor, values: readonly number[]): Tensor => {
  w.mul(parameter(values, { shape: w.shape, requiresGrad: false }))
    .sum()
    .backward()
  return w
}

/** What the examples in docstrings mention without making it: parameters that have a gradient (its norm is 5), a loss, and the like. */
export function prelude() {
  const w = gradient(parameter([1, 2, 3, 4], { name: 'w', shape: [2, 2] }), [3, 0, 0, 0])
  const bias = gradient(parameter([0.5, -0.5], { name: 'bias' }), [0, 4])
  const params = [w, bias]
  const head = [parameter([1], { name: 'head' })]
  const block1 = [parameter([1], { name: 'block1' })]
  const block2 = [parameter([1], { name: 'block2' })]
  const logits = parameter([1, 2, 0, -1], { name: 'logits', shape: [2, 2] })
  const schedule: Schedule = warmupCosine({ peak: 1e-3, warmup: 10, total: 100 })
  async function* read() {
    for (let at = 0; at < 30; at++) yield at
  }
  return {
    w,
    bias,
    params,
    weights: [w],
    /** Anything with parameters. */
    model: { parameters: () => params },
    /** For digits. */
    network: sequential(linear(64, 16, { seed: 1 }), relu(), linear(16, 10, { seed: 2 })),
    layer: { weight: w },
    optimizer: adam(params),
    loss: logits.square().sum(),
    logits,
    backbone: [...block1, ...block2],
    head,
    block1,
    block2,
    schedule,
    lr: 0.1,
    validationLoss: 0.5,
    stream: read(),
    adamStep: (x: number, g: number) => ({ x: x - g, m: 0, v: 0, t: 1 }),
    writeFile: (name: string, data: string | Uint8Array) => writeFile(join(scratch, name), data),
  }
}
