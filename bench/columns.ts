import { join } from 'node:path'
import { packageRoot } from '../cli/root.js'
import { nodes } from './machine.js'
import type { Command } from './peer.js'
import { compiled, nodePeer, pythonPeer } from './peers.js'

/** Who stands in one row of the tables. */
export interface Column {
  name: string
  threads: number
  /** Whom others are compared with: PyTorch's fused optimizers, and the best of those in JavaScript. */
  kind: 'ours' | 'torch' | 'js' | 'other'
  /** Columns of one process share it. */
  process: string
  /** @throws Error with the reason, where it cannot be had */
  command(): Command | Promise<Command>
  /** What the process is asked for: a backend, fused, … */
  way: string
  /** Another name of the work, where a library has not the same. */
  instead?: Readonly<Record<string, string>>
  /** Of ours: the major version of the Node that it runs on. */
  node?: number
  /** Larger tensors would take it too long. */
  upTo?: number
}

interface Way {
  way: string
  threads?: number
  upTo?: number
}

/** Our backends on this Node; simd on the other Node too, if there is one. */
export function ourColumns(backends: readonly Way[]): Column[] {
  const script = join(packageRoot, '.cache', 'bench', 'ours.mjs')
  return Object.entries(nodes()).flatMap(([version, program], k) => {
    const node = Number(version.split('.')[0])
    return backends
      .filter(({ way }) => k === 0 || way.startsWith('simd'))
      .map((backend) => ({
        name: `downhill ${backend.way}, Node ${node}`,
        node,
        threads: 1,
        kind: 'ours' as const,
        process: `downhill ${backend.way} ${version}`,
        command: () => ({ program, args: ['--expose-gc', script] }),
        ...backend,
      }))
  })
}

/** PyTorch, Optax and NumPy. `jax`: what of Optax is asked for. */
function pythonColumns(threads: number, jax: readonly string[]): Column[] {
  const column = (name: string, library: string, way: string): Column => ({
    name: `${name}, ${threads} thr`,
    threads,
    kind: way === 'fused' ? 'torch' : 'other',
    process: `${library} ${threads}`,
    command: () => pythonPeer(`with_${library}.py`, threads),
    way,
  })
  return [
    column('torch fused', 'torch', 'fused'),
    column('torch foreach', 'torch', 'foreach'),
    ...jax.map((way) => column(`optax ${way}`, 'jax', way)),
    column('numpy', 'numpy', ''),
  ]
}

function jsColumn(script: string, way: string, more: Partial<Column> = {}): Column {
  const name = script.replace('.mjs', '')
  return {
    name: `${name} ${way}`,
    threads: 1,
    kind: 'js',
    process: `${name} ${way}`,
    command: () => nodePeer(script),
    way,
    ...more,
  }
}

/** AdamW by every name: TensorFlow.js has Adam alone. */
const adam = { adamw: 'adam' }

export function peerColumns({ jax, upTo }: { jax: readonly string[]; upTo?: number }): Column[] {
  const slow = upTo === undefined ? {} : { upTo }
  return [
    ...pythonColumns(1, jax),
    ...pythonColumns(2, jax),
    jsColumn('tfjs.mjs', 'wasm', { instead: adam, name: 'tfjs wasm (Adam)' }),
    jsColumn('tfjs.mjs', 'cpu', { instead: adam, name: 'tfjs cpu (Adam)', ...slow }),
    jsColumn('jaxjs.mjs', 'wasm', { name: 'jax-js wasm' }),
    jsColumn('gpujs.mjs', 'webasm', { name: 'gpu.js webasm', ...slow }),
  ]
}

/** What memory allows, and the step as a C compiler makes it. */
export const limitColumns = (): Column[] =>
  [1, 2].flatMap((threads) =>
    [
      ['limit', 'traffic alone'],
      ['c', 'C -O3 -ffast-math'],
    ].map(([way, name]) => ({
      name: `${name}, ${threads} thr`,
      threads,
      kind: 'other' as const,
      process: `roofline ${threads}`,
      command: () => compiled('roofline.c', threads),
      way: way!,
    })),
  )
