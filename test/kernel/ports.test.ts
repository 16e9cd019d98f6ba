import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Dealer } from 'zeromq'
import { makeAddress } from '../../classroom/client/address.js'
import { kernelSpec } from '../../kernel/install/spec.js'
import { decode, encode, newHeader } from '../../kernel/wire/frames.js'

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

test('a kernel listens on the five ports of its file, on loopback, and nowhere else: no inspector', async (context) => {
  if (!linux) context.skip('needs /proc, which only Linux has')
  const address = await makeAddress('tcp')
  const [node, ...args] = kernelSpec().argv
  const kernel = spawn(
    node!,
    args.map((arg) => arg.replace('{connection_file}', address.file)),
    { stdio: 'ignore', cwd: address.folder },
  )
  const shell = new Dealer({ linger: 0 })
  try {
    expect(statSync(address.file).mode & 0o777).toBe(0o600)
    shell.connect(address.url('shell'))
    const header = newHeader('execute_request', 'test')
    const rest = { identities: [], parent: {}, metadata: {}, buffers: [] }
    await shell.send(encode({ header, content: { code: 'await 1' }, ...rest }, address.key))
    const reply = decode(await shell.receive(), address.key)
    expect(reply.content).toMatchObject({ status: 'ok' })
    const expected = ['shell', 'control', 'stdin', 'hb', 'iopub'] as const
    const hex = (port: string) => Number(port).toString(16).toUpperCase().padStart(4, '0')
    expect(listening(family(kernel.pid!)).sort()).toEqual(
      expected.map((name) => `0100007F:${hex(address.url(name).split(':').at(-1)!)}`).sort(),
    )
  } finally {
    shell.close()
    const ended = once(kernel, 'exit')
    kernel.kill()
    await ended
    address.release()
  }
})
