import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Dealer, Reply, Router } from 'zeromq'
import { kernelSpec } from '../../../kernel/install/spec.js'
import type { Ports } from '../../../kernel/wire/connection.js'
import { decode, encode, newHeader } from '../../../kernel/wire/frames.js'

const key = 'a key of ours'
const empty = { identities: [], parent: {}, metadata: {}, buffers: [] }
let folder: string
let kernel: ChildProcess | undefined
let stderr = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downhill-registration-'))
})
afterEach(async () => {
  if (kernel && kernel.exitCode === null) {
    kernel.kill()
    await once(kernel, 'exit')
  }
  rmSync(folder, { recursive: true, force: true })
})

function launch(file: object): void {
  const path = join(folder, 'kernel.json')
  writeFileSync(
    path,
    JSON.stringify({ transport: 'tcp', signature_scheme: 'hmac-sha256', key, ...file }),
  )
  const [node, ...args] = kernelSpec().argv.map((arg) => arg.replace('{connection_file}', path))
  kernel = spawn(node!, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  stderr = ''
  kernel.stderr?.on('data', (text) => {
    stderr += text
  })
}

const portOf = (url: string | null) => Number(/\d+$/.exec(url ?? '')?.[0])

/** A cell through the ports that the kernel told; and those are in a file for other clients, which goes with the kernel. */
async function expectRunning(ports: Ports): Promise<void> {
  const shell = new Dealer({ linger: 0 })
  try {
    shell.connect(`tcp://127.0.0.1:${ports.shell_port}`)
    const header = newHeader('execute_request', 'test')
    await shell.send(encode({ header, content: { code: '1' }, ...empty }, key))
    expect(decode(await shell.receive(), key).content).toMatchObject({ status: 'ok' })
  } finally {
    shell.close()
  }
  const file = join(folder, 'kernel-connection.json')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ ...ports, ip: '127.0.0.1', key })
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
  kernel?.kill()
  await once(kernel!, 'close')
  expect(existsSync(file)).toBe(false)
  expect(stderr).toBe('')
}

test('the kernelspec says that the kernel may choose its ports', () => {
  expect(kernelSpec().kernel_protocol_version).toBe('5.5')
})

test("a launcher's handshake (JEP 66, as Positron does it): the kernel binds ports of its own, tells them, and runs", async () => {
  const launcher = new Reply()
  await launcher.bind('tcp://127.0.0.1:0')
  try {
    launch({ ip: '127.0.0.1', registration_port: portOf(launcher.lastEndpoint) })
    const { header, content } = decode(await launcher.receive(), key)
    expect(header.msg_type).toBe('handshake_request')
    const ports = content as unknown as Ports
    expect(Object.keys(ports).sort()).toEqual([
      'control_port',
      'hb_port',
      'iopub_port',
      'shell_port',
      'stdin_port',
    ])
    expect(new Set(Object.values(ports)).size).toBe(5)
    const reply = newHeader('handshake_reply', 'launcher')
    await launcher.send(
      encode({ header: reply, content: { status: 'ok' }, ...empty, parent: header }, key),
    )
    await expectRunning(ports)
  } finally {
    launcher.close()
  }
})

test('the same as xeus-zmq does it: signature and content alone, answered by ACK', async () => {
  const launcher = new Router()
  await launcher.bind('tcp://127.0.0.1:0')
  const signed = (bytes: Uint8Array) => createHmac('sha256', key).update(bytes).digest('hex')
  try {
    launch({
      ip: '127.0.0.1',
      registration_ip: '127.0.0.1',
      registration_port: String(portOf(launcher.lastEndpoint)),
      kernel_id: 'k1',
    })
    const [identity, delimiter, signature, content] = await launcher.receive()
    expect(String(delimiter)).toBe('<IDS|MSG>')
    expect(String(signature)).toBe(signed(content!))
    const { kernel_id, ...ports } = JSON.parse(String(content))
    expect(kernel_id).toBe('k1')
    expect(Object.values(ports).every((port) => typeof port === 'string')).toBe(true)
    const ack = Buffer.from('ACK')
    await launcher.send([identity!, '<IDS|MSG>', signed(ack), ack])
    const numbers = Object.entries(ports).map(([name, port]) => [name, Number(port)])
    await expectRunning(Object.fromEntries(numbers))
  } finally {
    launcher.close()
  }
})

test.each([
  ['refuses', { status: 'error' }, key, 'it answered with status error'],
  ['has another key', { status: 'ok' }, 'another', 'the signature is wrong'],
])('a launcher that %s ends the kernel, in one line', async (_, content, theirs, why) => {
  const launcher = new Reply()
  await launcher.bind('tcp://127.0.0.1:0')
  try {
    launch({ ip: '127.0.0.1', registration_port: portOf(launcher.lastEndpoint) })
    await launcher.receive()
    const header = newHeader('handshake_reply', 'launcher')
    await launcher.send(encode({ header, content, ...empty }, theirs))
    const [code] = await once(kernel!, 'close')
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^kernel: no handshake with the launcher at tcp:\/\/127[^\n]*; the kernel ends\n$/,
    )
    expect(stderr).toContain(why)
    expect(existsSync(join(folder, 'kernel-connection.json'))).toBe(false)
  } finally {
    launcher.close()
  }
})

test('a launcher that is gone ends the kernel too', async () => {
  launch({ ip: '127.0.0.1', registration_port: 9 })
  const [code] = await once(kernel!, 'close')
  expect(code).toBe(1)
  expect(stderr).toContain('no handshake with the launcher at tcp://127.0.0.1:9')
}, 30_000)
