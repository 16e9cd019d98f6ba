import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { openHost } from '../../../classroom/client/index.js'
import { freePorts } from '../../../classroom/client/ports.js'
import type { KernelHost, Session } from '../../../classroom/client/types.js'
import { notebookText } from '../../../classroom/notebook/index.js'
import { type LabServer, startLab } from '../../../cli/lab/server.js'
import { has, testWith } from '../../support/need.js'
import { venv, venvLimit } from '../../support/python.js'
import { samples } from '../../support/submissions.js'

const folder = mkdtempSync(join(tmpdir(), 'server-'))
vi.setConfig({ testTimeout: 120_000 })

let server: LabServer
let host: KernelHost
let session: Session
const unchecked = { metadata: { downhill: { types: 'off' } } }
let [url, token] = ['', '']

beforeAll(async () => {
  if (!has('python')) return
  const { python } = await venv()
  mkdirSync(join(folder, 'work'))
  const [port] = await freePorts(1)
  server = await startLab({
    python,
    work: join(folder, 'work'),
    home: folder,
    port: port!,
    browser: false,
  })
  const address = new URL(server.url)
  url = `${address.origin}/`
  token = address.searchParams.get('token')!
  host = await openHost({ server: url, token })
  session = await host.start({ kernel: 'downhill', cwd: '/' })
}, venvLimit)

afterAll(async () => {
  await host?.dispose()
  await server?.stop()
  rmSync(folder, { recursive: true })
})

/** The command line, which must run beside the server: both ends of a pipe wait for each other otherwise. */
async function downhill(args: string[], jupyterToken = token) {
  const child = spawn(process.execPath, ['dist/cli/main.js', ...args], {
    env: { ...process.env, JUPYTER_TOKEN: jupyterToken },
  })
  const text = { stdout: '', stderr: '' }
  child.stdout.on('data', (data) => (text.stdout += data))
  child.stderr.on('data', (data) => (text.stderr += data))
  const status = await new Promise((resolve) => child.on('close', resolve))
  return { status, ...text }
}

testWith(['python'], 'cells run on a real Jupyter Server', async () => {
  const { status, outputs } = await session.execute('console.log(1 + 1); 6 * 7')
  expect([status, outputs]).toMatchObject([
    'ok',
    [{ text: '2\n' }, { output_type: 'execute_result', data: { 'text/plain': '42' } }],
  ])
})

testWith(
  ['python'],
  'a cell over its time is interrupted there, and the variables stay',
  async () => {
    await session.execute('let kept = 5')
    expect((await session.execute('while (true) {}', { timeout: 500 })).status).toBe('timeout')
    expect((await session.execute('kept')).outputs).toMatchObject([{ data: { 'text/plain': '5' } }])
  },
)

testWith(['python'], 'restart forgets, and shutdown removes the kernel', async () => {
  const own = await host.start({ kernel: 'downhill', cwd: '/' })
  await own.execute('let forgotten = 1')
  await own.restart()
  const { outputs } = await own.execute('typeof forgotten', unchecked)
  expect(outputs).toMatchObject([{ data: { 'text/plain': expect.stringContaining('undefined') } }])
  await own.shutdown()
  const answer = await fetch(`${url}api/kernels`, { headers: { Authorization: `token ${token}` } })
  const ids = ((await answer.json()) as { id: string }[]).map(({ id }) => id)
  expect(ids).toEqual([session.kernelId])
})

testWith(['python'], 'a kernel that the server lacks is named, with those it has', async () => {
  await expect(host.start({ kernel: 'nope', cwd: '/' })).rejects.toThrow(
    `kernel "nope" is not installed on ${url}; it has: downhill, python3`,
  )
})

testWith(
  ['python'],
  'downhill run --server executes a notebook there; its token is never shown',
  async () => {
    const path = join(folder, 'right.ipynb')
    writeFileSync(path, notebookText(samples.right()))
    const good = await downhill([
      'run',
      path,
      '--server',
      url,
      '--out',
      join(folder, 'out'),
      '--json',
    ])
    expect(good.stderr).toMatch(/^ok {6}.*right\.ipynb: 5 cells in/)
    expect(good.status).toBe(0)
    const written = readFileSync(join(folder, 'out', 'right.ipynb'), 'utf8')
    expect(written).toContain('clip-by-value: 2 of 2 points')

    const bad = await downhill(['run', path, '--server', url], 'wrong-token')
    expect(bad.stderr).toBe(`downhill: ${url} refused the token in JUPYTER_TOKEN (HTTP 403)\n`)
    expect(bad.status).toBe(1)
    for (const { stdout, stderr } of [good, bad])
      expect(stdout + stderr + written).not.toMatch(new RegExp(`${token}|wrong-token`))
    expect(readFileSync(server.log, 'utf8')).not.toMatch(/token=[0-9a-f]{20}.*channels/)
  },
)

testWith(
  ['python'],
  'downhill grade --server gives the same marks, and says where they come from',
  async () => {
    const args = ['test/support/submissions', '--lesson', '02', '--out', join(folder, 'grades')]
    const { status, stdout, stderr } = await downhill([
      'grade',
      ...args,
      '--timeout',
      '9',
      '--json',
      '--server',
      url,
    ])
    expect(status, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject([
      { student: 'loop', points: 10, isolation: url },
      { student: 'right', points: 15, isolation: url },
      { student: 'wrong', points: 5, isolation: url },
    ])
  },
)
