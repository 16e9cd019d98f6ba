import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  adam,
  adamw,
  type BackendName,
  clipGradNorm,
  lion,
  parameter,
  sgd,
  type Tensor,
  tensor,
  useBackend,
} from 'downhill'
import { packageRoot } from '../cli/root.js'
import { waves } from './peers/perf/digits.mjs'
import { NotHere, type Prepared, serve } from './peers/perf/serve.mjs'

// The library as a peer among its peers: a process of its own, which answers the same requests (bench/peers/perf/README.md).
interface Work {
  work: string
  way: string
  size: number
  tensors: number
}

const makers: Record<string, (params: Tensor[]) => { step(): void }> = {
  adamw: (params) => adamw(params, { lr: 1e-3, weightDecay: 0.01 }),
  adam: (params) => adam(params, { lr: 1e-3 }),
  sgd: (params) => sgd(params, { lr: 1e-3, momentum: 0.9 }),
  lion: (params) => lion(params, { lr: 1e-4, weightDecay: 0.01 }),
}
makers.clip = makers.adamw!

async function prepare({ work, way, size, tensors }: Work): Promise<Prepared> {
  const make = makers[work]
  if (!make) throw new NotHere(`not written: ${work}`)
  await useBackend(way as BackendName)
  const params = waves(size, tensors).map(({ p, g }) => {
    const param = parameter(p)
    param.grad = tensor(g)
    return param
  })
  const optimizer = make(params)
  const step = () => {
    if (work === 'clip') clipGradNorm(params, 1)
    optimizer.step()
  }
  return { step, values: () => params[0]!.data(), free: () => globalThis.gc?.() }
}

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'))
await serve({ downhill: version, Node: process.versions.node }, prepare)
