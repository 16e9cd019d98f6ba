import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { jupyterEnvironment } from '../cli/lab/environment.js'
import { packageRoot } from '../cli/root.js'
import { writeAtomic } from '../kernel/atomic.js'
import { venv } from '../test/support/python.js'
import { denoSpec, denoVersion } from './deno.js'
import { readMachine, today, writeResult } from './machine.js'
import { type Summary, table } from './report.js'

// Speed, memory and responsiveness of our kernel, and with --peers of ipykernel, tslab and deno beside it, run interleaved.
// Writes bench/results/kernel-DATE.{json,md}.
const { values } = parseArgs({
  options: { peers: { type: 'boolean' }, runs: { type: 'string', default: '7' } },
})
const deno = values.peers ? denoSpec() : undefined
const peers = values.peers ? ['python3', 'tslab', ...(deno ? ['deno'] : [])] : []
const specs = ['downhill', 'downhill-unchecked', ...peers]

const { python, folder } = await venv()
const temporary = mkdtempSync(join(os.tmpdir(), 'downhill-bench-'))
try {
  const cwd = join(temporary, 'cwd')
  mkdirSync(cwd)
  // tslab finds the types of Node only in the folder that it is started in.
  symlinkSync(join(packageRoot, 'node_modules'), join(cwd, 'node_modules'))
  const raw = join(temporary, 'raw.json')
  await writeSpecs(join(temporary, 'data', 'kernels'))
  const machine = readMachine()
  const script = join(packageRoot, 'bench', 'peers', 'kernel', 'kbench.py')
  const options = ['--runs', values.runs, '--cwd', cwd, '--out', raw]
  const summary: Summary = JSON.parse(await output(python, [script, ...specs, ...options]))
  const versions = await readVersions()
  const missing = values.peers && !deno ? ['deno'] : []
  const result = {
    day: today(),
    runs: Number(values.runs),
    machine: machine(),
    versions,
    summary,
    missing,
  }
  const whole = { ...result, raw: JSON.parse(readFileSync(raw, 'utf8')) }
  await writeResult('kernel', 'json', `${JSON.stringify(whole, null, 1)}\n`)
  const text = table(result)
  await writeResult('kernel', 'md', text)
  console.log(text)
} finally {
  rmSync(temporary, { recursive: true, force: true })
}

/** Kernel specs that `.venv` does not have: tslab from node_modules, deno from npm, and ours without the type check. */
async function writeSpecs(kernels: string): Promise<void> {
  const write = async (name: string, spec: object) => {
    mkdirSync(join(kernels, name), { recursive: true })
    await writeAtomic(join(kernels, name, 'kernel.json'), JSON.stringify(spec))
  }
  const tslab = join(packageRoot, 'node_modules', 'tslab', 'bin', 'tslab')
  await write('tslab', {
    argv: [process.execPath, tslab, 'kernel', '--config-path', '{connection_file}'],
    display_name: 'tslab',
    language: 'typescript',
  })
  if (deno) await write('deno', deno)
  const ours = join(folder, 'share', 'jupyter', 'kernels', 'downhill', 'kernel.json')
  const spec = JSON.parse(readFileSync(ours, 'utf8'))
  await write('downhill-unchecked', { ...spec, env: { ...spec.env, DOWNHILL_TYPES: 'off' } })
}

async function readVersions(): Promise<Record<string, string>> {
  const code =
    'import json, platform; from importlib.metadata import version as v; print(json.dumps({"Python": platform.python_version(), **{n: v(n) for n in ("ipykernel", "jupyter_client")}}))'
  const version = (name: string): string => {
    const path =
      name === 'downhill' ? packageRoot : join(packageRoot, 'node_modules', ...name.split('/'))
    return JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')).version
  }
  const names = ['downhill', 'tslab', 'zeromq', 'typescript']
  return {
    Node: process.versions.node,
    ...Object.fromEntries(names.map((name) => [name, version(name)])),
    ...JSON.parse(await output(python, ['-c', code])),
    ...(deno && { deno: denoVersion }),
  }
}

/** What a program prints; its progress goes to our standard error. */
function output(command: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...jupyterEnvironment(temporary), DOWNHILL_HISTORY: 'off' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.on('data', (part) => {
      text += part
    })
    child.on('error', reject)
    child.on('close', (status) =>
      status === 0 ? resolve(text) : reject(new Error(`${args[0]} ended with ${status}`)),
    )
  })
}
