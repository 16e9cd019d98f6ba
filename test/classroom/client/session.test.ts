import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openHost } from '../../../classroom/client/index.js'
import type { KernelHost, Outcome, Session } from '../../../classroom/client/types.js'

vi.setConfig({ testTimeout: 120_000 })

let host: KernelHost
let session: Session
const unchecked = { metadata: { downhill: { types: 'off' } } }
const folder = mkdtempSync(join(tmpdir(), 'client-'))
const folders: string[] = []
const pids: number[] = []

const launch = {
  // Looks like a sandbox, is none: shows what a wrapper is given, and that its argv is what runs.
  wrap(argv: string[], sockets: string) {
    folders.push(sockets)
    return ['/usr/bin/env', 'WRAPPED=yes', ...argv]
  },
  started: (pid: number) => void pids.push(pid),
}

beforeAll(async () => {
  host = await openHost()
  session = await host.start({ kernel: 'downhill', cwd: folder })
})
afterAll(async () => {
  await host.dispose()
  rmSync(folder, { recursive: true })
})

/** Killed but not yet collected by its parent counts as ended. */
function running(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return /^[^Z]/.test(stdout.trim())
}

const text = ({ outputs }: Outcome) =>
  outputs.map(({ text, data }) => text ?? (data as Record<string, string>)['text/plain']).join('')

test('a cell gives its printed text, its value and its number', async () => {
  const outcome = await session.execute('console.log(1 + 1); 6 * 7')
  expect(outcome.status).toBe('ok')
  expect(outcome.executionCount).toBeGreaterThan(0)
  expect(outcome.outputs).toMatchObject([
    { output_type: 'stream', name: 'stdout', text: '2\n' },
    { output_type: 'execute_result', data: { 'text/plain': '42' } },
  ])
})

test('the kernel runs in the folder it was given, and its language is told', async () => {
  expect(text(await session.execute('process.cwd()'))).toContain(folder)
  expect(session.language).toMatchObject({ name: 'typescript', file_extension: '.ts' })
})

test('an error comes with its name, and the variables stay', async () => {
  await session.execute('let kept = 1')
  const outcome = await session.execute('kept = 2; null!.x', unchecked)
  expect(outcome).toMatchObject({ status: 'error', error: { ename: 'TypeError' } })
  expect(text(await session.execute('kept'))).toBe('2')
})

test('a cell over its time is interrupted, and the variables stay', async () => {
  await session.execute('let before = 5')
  const outcome = await session.execute('while (true) {}', { timeout: 200 })
  expect(outcome.status).toBe('timeout')
  expect(text(await session.execute('before'))).toBe('5')
})

test('printed text is cut at the limit, or dropped', async () => {
  const flood = "for (let i = 0; i < 2000; i++) console.log('x'.repeat(1000)); 'end'"
  const cut = await session.execute(flood, { outputLimit: 10_000 })
  expect(text(cut).length).toBeLessThan(10_100)
  expect(text(cut)).toContain('[output cut: more than 10,000 bytes]')
  expect(text(await session.execute(flood, { dropStreams: true }))).toContain('end')
})

test('an update reaches the output of an earlier cell', async () => {
  const first = await session.execute("const bar = display('0 %', { id: 'bar' })")
  await session.execute("bar.update('100 %')")
  expect(text(first)).toContain('100 %')
})

test('what a cell does to its process is an outcome, and the session goes on', async () => {
  const outcome = await session.execute('process.exit(3)')
  expect(outcome.status).toBe('error')
  expect(text(await session.execute('1 + 1'))).toBe('2')
})

test('restart forgets', async () => {
  await session.execute('let forgotten = 1')
  await session.restart()
  const { error } = await session.execute('forgotten', unchecked)
  expect(error).toMatchObject({ ename: 'ReferenceError', evalue: 'forgotten is not defined' })
})

test('the death of the kernel ends all that waits for it; restart brings a fresh one', async () => {
  const own = await host.start({ kernel: 'downhill', cwd: folder, launch })
  expect(text(await own.execute('process.env.WRAPPED'))).toContain('yes')
  expect(text(await own.execute('String(process.env.HOME)'))).toContain('undefined')
  const [first, second] = [own.execute('await new Promise(() => {})'), own.execute('2')]
  process.kill(-pids.at(-1)!, 'SIGKILL')
  expect((await first).status).toBe('dead')
  expect((await second).status).toBe('dead')
  expect(own.alive).toBe(false)
  expect((await own.execute('3')).status).toBe('dead')
  await own.restart()
  expect(text(await own.execute('4'))).toBe('4')
  await own.shutdown()
})

test('shutdown leaves no folder and no process behind', async () => {
  const own = await host.start({ kernel: 'downhill', cwd: folder, launch })
  const child = text(
    await own.execute(
      "(await import('node:child_process')).spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']).pid",
    ),
  )
  expect(readdirSync(folders.at(-1)!)).toContain('connection.json')
  await own.shutdown()
  expect(folders.filter((path) => existsSync(path))).toEqual([])
  await expect.poll(() => [running(Number(child)), running(pids.at(-1)!)]).toEqual([false, false])
})

test('a kernel that is not there is named, with those that are', async () => {
  const start = host.start({ kernel: 'nope', cwd: folder })
  await expect(start).rejects.toThrow(
    /kernel "nope" is not installed on this machine; it has: .*downhill/,
  )
})

test('a kernel over TCP is asked once it listens on all sockets', async () => {
  const program = `const { Router } = require(${JSON.stringify(resolve('node_modules/zeromq'))})
    const { shell_port: shell, ...others } = JSON.parse(require('fs').readFileSync(process.argv[1], 'utf8'))
    let all = false
    const on = async (port) => {
      const socket = new Router()
      await socket.bind('tcp://127.0.0.1:' + port)
      await socket.receive()
      console.error(all ? 'asked when all are there' : 'asked too early')
      process.exit(1)
    }
    on(shell)
    setTimeout(() => {
      for (const [name, port] of Object.entries(others)) if (name.endsWith('_port')) on(port)
      all = true
    }, 1000)`
  const spec = join(folder, 'kernels', 'late')
  mkdirSync(spec, { recursive: true })
  const argv = [process.execPath, '-e', program, '{connection_file}']
  writeFileSync(
    join(spec, 'kernel.json'),
    JSON.stringify({ argv, display_name: 'late', language: 'typescript' }),
  )
  const before = process.env.JUPYTER_PATH
  process.env.JUPYTER_PATH = folder
  try {
    const start = host.start({ kernel: 'late', cwd: folder })
    await expect(start).rejects.toThrow('it wrote last:\nasked when all are there')
  } finally {
    if (before === undefined) delete process.env.JUPYTER_PATH
    else process.env.JUPYTER_PATH = before
  }
})

test('a kernel that ends at its start says why', async () => {
  const wrap = () => ['/usr/bin/env', 'node', '-e', 'throw new Error("no luck")']
  const start = host.start({ kernel: 'downhill', cwd: folder, launch: { wrap } })
  await expect(start).rejects.toThrow(
    /the kernel ended at its start \(exit code 1\); it wrote last:\n.*Error: no luck/s,
  )
})
