import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { jupyterEnvironment } from '../../cli/lab/environment.js'
import { packageRoot } from '../../cli/root.js'
import { testWith } from '../support/need.js'
import { venv } from '../support/python.js'

/** The twelve tests of jupyter_kernel_test 0.7.0 and its check of iopub_welcome. */
const stock = [
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

/** The failures that ARCHITECTURE admits: `- test_name: why` under its heading "Conformance". */
function knownFailures(): string[] {
  const text = readFileSync(join(packageRoot, 'ARCHITECTURE.md'), 'utf8')
  const section = text.split(/^## /m).find((part) => part.startsWith('Conformance\n'))
  if (!section) throw new Error('ARCHITECTURE.md has no section "Conformance"')
  return [...section.matchAll(/^- `(test_\w+)`/gm)].map((match) => match[1]!)
}

testWith(
  ['python'],
  'the stock conformance suite passes, but for what ARCHITECTURE lists',
  async () => {
    const { python } = await venv()
    const cwd = mkdtempSync(join(tmpdir(), 'downhill-conformance-'))
    try {
      const script = join(packageRoot, 'test', 'support', 'conformance.py')
      const outcomes: Record<string, string> = JSON.parse(await output(python, [script], cwd))
      const known = knownFailures()
      const expected = Object.fromEntries(
        stock.map((name) => [
          name,
          known.includes(name) ? expect.stringMatching(/^failed: /) : 'passed',
        ]),
      )
      expect(outcomes).toEqual(expected)
    } finally {
      rmSync(cwd, { recursive: true, force: true })
    }
  },
  120_000,
)

function output(command: string, args: string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = jupyterEnvironment(cwd)
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
