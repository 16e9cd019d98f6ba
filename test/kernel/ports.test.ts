import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { expect, test } from 'vitest'
import { Dealer } from 'zeromq'
import { makeAddress } from '../../classroom/client/address.js'
import { kernelSpec } from '../../kernel/install/spec.js'
import { decode, encode, newHeader } from '../../kernel/wire/frames.js'
import { onEachNode } from '../support/node24.js'

const linux = process.platform === 'linux'

/** Every process below `root`, itself included. Linux only: /proc. */
function family(root: number): number[] {
  const children = (pid: number): number[] =>
    readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  return [root, ...children(root).flatMap(family)]
}

/** Addresses (hex, as in /proc/net/tcp) on which these processes listen. */
function listening(pids: number[]): string[] {
  const sockets = new Set(
    pids.flatMap((pid) =>
      readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
        try {
          return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
        } catch {
          return []
        }
      }),
    ),
  )
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === '0A' && sockets.has(inode ?? ''))
      .map(([, local]) => local!),
  )
}

/** What the kernel's family listens on once `work` is done, and what it should. */
async function ports(node: string, { ip = '127.0.0.1', env = {}, signal = false } = {}) {
  const address = await makeAddress('tcp')
  const mode = statSync(address.file).mode & 0o777
  const file = JSON.parse(readFileSync(address.file, 'utf8'))
  writeFileSync(address.file, JSON.stringify({ ...file, ip }))
  const args = kernelSpec()
    .argv.slice(1)
    .map((arg) => arg.replace('{connection_file}', address.file))
  const kernel = spawn(node, args, {
    stdio: 'ignore',
    cwd: address.folder,
    env: { ...process.env, ...env },
  })
  const shell = new Dealer({ linger: 0 })
  const run = async (code: string) => {
    const header = newHeader('execute_request', 'test')
    const rest = { identities: [], parent: {}, metadata: {}, buffers: [] }
    await shell.send(encode({ header, content: { code }, ...rest }, address.key))
    return decode(await shell.receive(), address.key).content.status
  }
  try {
    shell.connect(address.url('shell'))
    expect(await run('await 1')).toBe('ok')
    if (signal) {
      const nodes = family(kernel.pid!).filter(
        (pid) => readlinkSync(`/proc/${pid}/exe`) === realpathSync(node),
      )
      expect(nodes).toHaveLength(2)
      for (const pid of nodes) process.kill(pid, 'SIGUSR1')
      expect(
        await run(
          "process.kill(process.pid, 'SIGUSR1'); await new Promise((go) => setTimeout(go, 300))",
        ),
      ).toBe('ok')
    }
    const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0')
    const host = ip === '127.0.0.1' ? '0100007F' : '00000000'
    const expected = ['shell', 'control', 'stdin', 'hb', 'iopub'].map(
      (name) => `${host}:${hex(file[`${name}_port`])}`,
    )
    return { mode, expected: expected.sort(), found: listening(family(kernel.pid!)).sort() }
  } finally {
    shell.close()
    const ended = once(kernel, 'exit')
    kernel.kill()
    await ended
    address.release()
  }
}

if (!linux) test.skip('ports: needs /proc, which only Linux has')
else
  onEachNode('a kernel listens on the five ports of its file, and nowhere else', (node) => {
    test.each([
      ['on loopback', {}],
      ['on every address, if the file says so', { ip: '0.0.0.0' }],
      [
        'after SIGUSR1, which opens a port for debuggers in other programs of Node',
        { signal: true },
      ],
      ['with --inspect in NODE_OPTIONS', { env: { NODE_OPTIONS: '--inspect=127.0.0.1:0' } }],
    ])('%s', async (_, options) => {
      const { mode, expected, found } = await ports(node, options)
      expect(found).toEqual(expected)
      expect(mode).toBe(0o600)
    })
  })
