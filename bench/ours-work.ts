import {
  adam,
  adamw,
  type BackendName,
  clipGradNorm,
  lion,
  noGrad,
  parameter,
  sgd,
  type Tensor,
  tensor,
  useBackend,
} from 'downhill'
import { network } from './ours-network.js'
import { NotHere, type Prepared } from './peers/perf/answer.mjs'
import { waves, workload } from './peers/perf/digits.mjs'

// The work in our library, in Node or in a page.
interface Steps {
  size: number
  tensors: number
}
interface Training {
  data: string | ((name: string) => ArrayBuffer)
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
export async function prepare(
  what: { work: string; way: string } & Steps & Training,
): Promise<Prepared> {
  const { work, way, ...more } = what
  const [name, threads] = way.split(' ')
  await useBackend(name as BackendName, threads ? { threads: Number(threads) } : {})
  const { finish, ...made } =
    work === 'epoch' || work === 'train' ? training(work, more) : optimizer(work, more)
  // A GPU is only asked for a step: it has done it when a number that needs it is here.
  const queued = name!.startsWith('gpu:webg') ? { finish } : {}
  return { ...made, ...queued, free: () => globalThis.gc?.() }
}

type Finished = Prepared & Required<Pick<Prepared, 'finish'>>

function training(work: string, what: Training): Finished {
  const made = workload(work, what, network)
  return { ...made, finish: async () => made.values?.() }
}

function optimizer(work: string, { size, tensors }: Steps): Finished {
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
  const finish = () => noGrad(() => params[0]!.sum()).item()
  return { step, values: () => params[0]!.data(), finish }
}
