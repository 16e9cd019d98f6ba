import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ensureVenv } from '../cli/lab/venv.js'
import { packageRoot } from '../cli/root.js'
import { npmProgram } from '../test/support/npm-program.js'
import type { Command } from './peer.js'

// How the peers of bench/peers/perf are had: installed into .cache on their first use, and started. What cannot be had throws
// the reason.
const scripts = join(packageRoot, 'bench', 'peers', 'perf')
const cache = join(packageRoot, '.cache')

const packages = [
  '@tensorflow/tfjs@4.22.0',
  '@tensorflow/tfjs-backend-wasm@4.22.0',
  '@tensorflow/tfjs-backend-webgpu@4.22.0',
  '@jax-js/jax@0.1.25',
]

let python: Promise<string> | undefined

/** `DOWNHILL_PEERS_PYTHON` names a Python that has them already. */
export async function pythonPeer(script: string, threads: number): Promise<Command> {
  const { DOWNHILL_PEERS_PYTHON: given } = process.env
  python ??= given
    ? Promise.resolve(given)
    : ensureVenv({
        folder: join(cache, 'peers'),
        requirements: [join(scripts, 'requirements.txt')],
        say: (line) => console.error(`bench: ${line}`),
      })
  // Their pools of threads are made when they are loaded.
  const names = ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS']
  const env = Object.fromEntries(names.map((name) => [name, String(threads)]))
  return { program: await python, args: [join(scripts, script), String(threads)], env }
}

export function nodePeer(script: string): Command {
  return { program: process.execPath, args: [join(scripts, script), '1', nodePeers()] }
}

/** The folder that npm put them into. */
export function nodePeers(): string {
  const found = npmProgram({
    folder: 'peers-node',
    spec: packages,
    path: join('@tensorflow', 'tfjs-backend-webgpu', 'package.json'),
  })
  if (!found) throw new Error(`npm could not install ${packages.join(' ')}`)
  return join(cache, 'peers-node')
}

/** A C program, for this processor. */
export function compiled(source: string, threads: number): Command {
  const program = join(cache, 'bench', source.replace('.c', ''))
  mkdirSync(dirname(program), { recursive: true })
  const flags = ['-O3', '-march=native', '-ffast-math', '-fopenmp']
  const done = spawnSync('gcc', [...flags, join(scripts, source), '-o', program, '-lm'], {
    encoding: 'utf8',
  })
  if (done.status !== 0)
    throw new Error(`gcc: ${done.error?.message ?? done.stderr.trim().split('\n')[0]}`)
  return { program, args: [String(threads)] }
}
