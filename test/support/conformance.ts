import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jupyterEnvironment } from '../../cli/lab/environment.js'
import { packageRoot } from '../../cli/root.js'
import { kernelSpec } from '../../kernel/install/spec.js'
import { venv } from './python.js'

/** The twelve tests of jupyter_kernel_test 0.7.0 and its check of iopub_welcome. */
export const stock = [
  'test_clear_output',
  'test_completion',
  'test_display_data',
  'test_error',
  'test_execute_result',
  'test_execute_stderr',
  'test_execute_stdout',
  'test_history',
  'test_inspect',
  'test_is_complete',
  'test_kernel_info',
  'test_pager',
  'test_recv_iopub_welcome_msg',
]

/** The stock suite (conformance.py) against our kernel on this Node: test → "passed", "failed: …" or "skipped: …". */
export async function conformance(node: string): Promise<Record<string, string>> {
  const { python } = await venv()
  const cwd = mkdtempSync(join(tmpdir(), 'downhill-conformance-'))
  try {
    const script = join(packageRoot, 'test', 'support', 'conformance.py')
    return JSON.parse(await output(python, [script, kernelOn(node, cwd)], cwd))
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
}

/** Writes a kernelspec of ours that runs on this Node, where JUPYTER_PATH will point, and returns its name. */
function kernelOn(node: string, folder: string): string {
  const spec = kernelSpec()
  const name = 'downhill-conformance'
  const kernels = join(folder, 'kernels', name)
  mkdirSync(kernels, { recursive: true })
  const argv = [node, ...spec.argv.slice(1)]
  writeFileSync(join(kernels, 'kernel.json'), JSON.stringify({ ...spec, argv }))
  return name
}

function output(command: string, args: string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...jupyterEnvironment(cwd), JUPYTER_PATH: cwd }
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (part) => {
      text += part
    })
    child.on('error', reject)
    child.on('close', (status) =>
      status === 0 ? resolve(text) : reject(new Error(`the suite ended with ${status}`)),
    )
  })
}
