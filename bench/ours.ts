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
import { network } from './ours-network.js'
import { waves, workload } from './peers/perf/digits.mjs'
import { NotHere, type Prepared, serve } from './peers/perf/serve.mjs'

// The library as a peer among its peers: a process of its own, which answers the same requests (bench/peers/perf/README.md).
interface Steps {
  size: number
  tensors: number
}
interface Training {
  data: string
  batch: number
  goal?: number
}

const makers: Record<string, (params: Tensor[]) => { step(): void }> = {
  adamw: (params) => adamw(params, { lr: 1e-3, weightDecay: 0.01 }),
  adam: (params) => adam(params, { lr: 1e-3 }),
  sgd: (params) => sgd(params, { lr: 1e-3, momentum: 0.9 }),
  lion: (params) => lion(params, { lr: 1e-4, weightDecay: 0.01 }),
}
makers.clip = makers.adamw!

/** The request's other fields are those of its work. */
async function prepare(what: { work: string; way: string } & Steps & Training): Promise<Prepared> {
  const { work, way, ...more } = what
  const [name, threads] = way.split(' ')
  await useBackend(name as BackendName, threads ? { threads: Number(threads) } : {})
  const made =
    work === 'epoch' || work === 'train' ? workload(work, more, network) : optimizer(work, more)
  return { ...made, free: () => globalThis.gc?.() }
}

function optimizer(work: string, { size, tensors }: Steps): Prepared {
  const make = makers[work]
  if (!make) throw new NotHere(`not written: ${work}`)
  const params = waves(size, tensors).map(({ p, g }) => {
    const param = parameter(p)
    param.grad = tensor(g)
    return param
  })
  const made = make(params)
  const step = () => {
    if (work === 'clip') clipGradNorm(params, 1)
    made.step()
  }
  return { step, values: () => params[0]!.data() }
}

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'))
await serve({ downhill: version, Node: process.versions.node }, prepare)
