import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { kernelSpec } from '../../kernel/install/spec.js'
import {
  contents,
  KernelClient,
  resultText,
  type StartOptions,
  streamed,
} from '../support/kernel-client.js'
import { onEachNode } from '../support/node24.js'

onEachNode('the processes', (node) => {
  const open: KernelClient[] = []
  afterEach(async () => {
    for (const kernel of open.splice(0)) await kernel.close()
  })
  async function start(options: StartOptions = {}) {
    const kernel = await KernelClient.start({ node, ...options })
    open.push(kernel)
    return kernel
  }

  const alive = (pid: number) => {
    try {
      process.kill(pid, 0)
      // A zombie answers signals too.
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
    } catch {
      return false
    }
  }
  /** The children of a process. */
  const below = (parent: number) =>
    execFileSync('ps', ['-o', 'pid=', '--ppid', String(parent)], { encoding: 'utf8' })
      .trim()
      .split(/\s+/)
      .map(Number)
      .filter(alive)
  async function gone(pid: number) {
    for (const end = Date.now() + 10_000; alive(pid); ) {
      if (Date.now() > end) throw new Error(`process ${pid} is still there`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  const pidOf = async (kernel: KernelClient) =>
    Number(resultText((await kernel.execute('process.pid')).messages))
  /** The evaluator, and a process that a cell has started. */
  async function pidsOf(kernel: KernelClient): Promise<number[]> {
    const { messages } = await kernel.execute(
      "const child = (await import('node:child_process')).spawn('sleep', ['600'])\n;[process.pid, child.pid]",
    )
    const pids = JSON.parse(resultText(messages) ?? '[]') as number[]
    expect(pids.map(alive)).toEqual([true, true])
    return pids
  }

  test.each([
    ['process.exit(3)', 'exit code 3'],
    ['process.exit()', 'exit code 0'],
    ['process.kill(process.pid, "SIGKILL")', 'SIGKILL'],
    ['process.abort()', 'SIGABRT'],
    ['process.kill(process.pid, "SIGSEGV"); for (;;);', 'SIGSEGV'],
    ['setTimeout(() => process.exit(4)); await new Promise(() => {})', 'exit code 4'],
  ])('%s is the error of its cell; a new evaluator takes over', async (code, reason) => {
    const kernel = await start()
    const pids = await pidsOf(kernel)
    const { reply, messages } = await kernel.execute(`console.log("last words"); ${code}`)
    const told = messages.map(({ header, content }) => content.execution_state ?? header.msg_type)
    // A process that aborts prints more, natively.
    const turns = told.filter((type, index) => type !== told[index - 1])
    expect(turns).toEqual(['busy', 'execute_input', 'stream', 'error', 'idle'])
    expect(reply).toMatchObject({ status: 'error', ename: 'StateLost' })
    expect(reply.evalue).toContain(reason)
    expect(reply.evalue).toContain('All variables are lost')
    expect(contents(messages, 'error')).toHaveLength(1)
    expect(streamed(messages)).toBe('last words\n')
    if (code.includes('exit')) expect(streamed(messages, 'stderr')).toBe('')
    await Promise.all(pids.map(gone))
    expect(kernel.process.exitCode).toBe(null)
    expect((await kernel.execute('child')).reply).toMatchObject({ ename: 'ReferenceError' })
    expect(resultText((await kernel.execute('6 * 7')).messages)).toBe('42')
  })

  test('a folder that is gone is told, and one that is made again will do', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'downhill-gone-'))
    try {
      const kernel = await start({ cwd: folder })
      expect(resultText((await kernel.execute('6 * 7')).messages)).toBe('42')
      rmSync(folder, { recursive: true })
      await kernel.execute('process.exit()')
      const { reply, messages } = await kernel.execute('1')
      expect(reply).toMatchObject({ status: 'error', ename: 'StateLost' })
      expect(reply.evalue).toContain(`the folder ${folder} is gone, make it again`)
      expect(streamed(messages, 'stderr')).toBe('')
      mkdirSync(folder)
      expect(resultText((await kernel.execute('6 * 7')).messages)).toBe('42')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('a cell that closes the pipe of the requests loses its state, not the kernel', async () => {
    const kernel = await start()
    await kernel.execute("import fs from 'node:fs'; fs.closeSync(3)")
    const { reply } = await kernel.execute('1')
    expect(reply.evalue).toContain('a cell closed the pipe')
    expect(resultText((await kernel.execute('6 * 7')).messages)).toBe('42')
  })

  test('an exit after an interrupt says nothing of debuggers', async () => {
    const kernel = await start()
    const id = await kernel.send('execute_request', { code: 'console.log(1); for (;;) {}' })
    await kernel.until(() => streamed(kernel.published(id)) || undefined)
    await kernel.request('interrupt_request', {}, 'control')
    expect((await kernel.finished(id)).reply).toMatchObject({ ename: 'Interrupted' })
    const { reply, messages } = await kernel.execute('process.exit()')
    expect(reply).toMatchObject({ ename: 'StateLost' })
    expect(streamed(messages, 'stderr')).toBe('')
  })

  test('an exit between cells is told in the cell that caused it', async () => {
    const kernel = await start()
    const { messages } = await kernel.execute('setTimeout(() => process.exit(7), 30); void 0')
    const id = messages[0]?.parent.msg_id as string
    const [error] = await kernel.until(() => {
      const errors = contents(kernel.published(id), 'error')
      return errors.length > 0 ? errors : undefined
    })
    expect(error).toMatchObject({ ename: 'StateLost' })
    expect(resultText((await kernel.execute('1 + 1')).messages)).toBe('2')
  })

  test('memory that runs out costs the evaluator, not the kernel', async () => {
    const kernel = await start({ env: { NODE_OPTIONS: '--max-old-space-size=64' } })
    const pids = await pidsOf(kernel)
    const { reply } = await kernel.execute(
      'const all = []; for (;;) all.push(new Array(1000).fill(all.length))',
    )
    expect(reply).toMatchObject({ status: 'error', ename: 'StateLost' })
    await Promise.all(pids.map(gone))
    expect(reply.evalue).toContain('ran out of memory')
    expect(resultText((await kernel.execute('1 + 1')).messages)).toBe('2')
  })

  test('shutdown answers, ends both processes, and what the cells started', async () => {
    const kernel = await start()
    const pids = await pidsOf(kernel)
    const reply = await kernel.request('shutdown_request', { restart: false }, 'control')
    expect(reply).toMatchObject({
      header: { msg_type: 'shutdown_reply' },
      content: { status: 'ok', restart: false },
    })
    expect(await kernel.exit).toEqual({ code: 0, signal: null })
    await Promise.all(pids.map(gone))
    expect(kernel.stderr).toBe('')
  })

  test('shutdown for a restart says so; busy cells do not hold it up', async () => {
    const kernel = await start()
    const pid = await pidOf(kernel)
    await kernel.send('execute_request', { code: 'console.log("busy"); for (;;);' })
    await kernel.until(() => streamed(kernel.iopub).includes('busy') || undefined)
    const reply = await kernel.request('shutdown_request', { restart: true }, 'control')
    expect(reply.content).toEqual({ status: 'ok', restart: true })
    expect(await kernel.exit).toEqual({ code: 0, signal: null })
    await gone(pid)
  })

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    '%s of the kernel leaves no process, even one in a loop',
    async (signal) => {
      const kernel = await start()
      const pids = await pidsOf(kernel)
      await kernel.send('execute_request', { code: 'console.log("busy"); for (;;);' })
      await kernel.until(() => streamed(kernel.iopub).includes('busy') || undefined)
      kernel.process.kill(signal)
      await kernel.exit
      await Promise.all(pids.map(gone))
    },
  )

  test('SIGKILL of who started the kernel leaves no process either', async () => {
    const between = `const { argv, execPath } = process
      require('node:child_process').spawn(execPath, argv.slice(1), { stdio: 'inherit' })
      setInterval(() => {}, 1e6)`
    const kernel = await KernelClient.start({
      argv: [node, '-e', between, '--', ...kernelSpec().argv.slice(1)],
      types: 'error',
    })
    open.push(kernel)
    const pids = await pidsOf(kernel)
    const kernelPid = Number(resultText((await kernel.execute('process.ppid')).messages))
    const all = [...pids, kernelPid, ...below(kernelPid)]
    // The kernel, the evaluator, its child and the language server.
    expect(new Set(all).size).toBeGreaterThanOrEqual(4)
    expect(all.map(alive)).not.toContain(false)
    await kernel.send('execute_request', { code: 'console.log("busy"); for (;;);' })
    await kernel.until(() => streamed(kernel.iopub).includes('busy') || undefined)
    kernel.process.kill('SIGKILL')
    await Promise.all(all.map(gone))
  })

  test('a connection file that other users can read is told, with what to do', async () => {
    for (const [file, folder, told] of [
      [0o644, 0o755, true],
      [0o600, 0o755, false],
      [0o644, 0o700, false],
    ] as const) {
      const kernel = new KernelClient({ node, permissions: { file, folder } })
      open.push(kernel)
      await kernel.request('kernel_info_request', {})
      if (told) await kernel.until(() => kernel.stderr.includes('\n') || undefined)
      expect(kernel.stderr).toBe(
        told
          ? `kernel: ${kernel.folder}/connection.json: other users can read or change the connection file, and with its key run code here; chmod 600 it\n`
          : '',
      )
    }
  })

  test('a missing or wrong connection file is one line', async () => {
    const run = (...args: string[]) => {
      try {
        execFileSync(node, [KernelClient.program, ...args], { stdio: 'pipe' })
        return 'no error'
      } catch (error) {
        return String((error as { stderr: Buffer }).stderr).trim()
      }
    }
    expect(run()).toBe('kernel: --connection FILE is missing')
    expect(run('--connection', '/nowhere/x.json')).toMatch(
      /^kernel: \/nowhere\/x.json: cannot read the connection file \(ENOENT[^\n]*; pass the file Jupyter wrote$/,
    )
    expect(run('--connection', 'package.json')).toBe(
      'kernel: package.json: connection file has no "transport"; pass the file Jupyter wrote',
    )
    expect(existsSync(KernelClient.program)).toBe(true)
  })
})
