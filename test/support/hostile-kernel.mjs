/**
 * node hostile-kernel.mjs CONNECTION ATTACK: answers kernel_info like a kernel, and each cell with an attack on the client.
 * In a sandbox a learner's code can take over the kernel, key and all: what it can send then is here.
 */
import { createHmac, randomUUID } from 'node:crypto'
import { readFileSync, unlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { Router, XPublisher } from 'zeromq'

const [file, attack] = process.argv.slice(2)
const { ip, key, ...ports } = JSON.parse(readFileSync(file, 'utf8'))
const path = (channel) => `${ip}-${ports[`${channel}_port`]}`
const [shell, control, stdin] = [new Router(), new Router(), new Router()]
const iopub = new XPublisher({ sendHighWaterMark: 0, verbosity: 'allSubs' })
for (const [channel, socket] of Object.entries({ shell, control, stdin, iopub }))
  await socket.bind(`ipc://${path(channel)}`)

const bytes = (part) => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part))
/** A string is sent as it is. */
function message(type, parent, content) {
  const header = {
    msg_id: randomUUID(),
    msg_type: type,
    session: 's',
    username: '',
    version: '5.4',
  }
  const parts = [{ ...header, date: new Date().toISOString() }, parent, {}, content].map(bytes)
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part)
  return ['<IDS|MSG>', hmac.digest('hex'), ...parts]
}
const tell = (...parts) => iopub.send(['', ...message(...parts)])

const attacks = {
  async 'large messages'(parent) {
    const text = 'x'.repeat(150e6)
    for (;;) await tell('stream', parent, { name: 'stdout', text }).then(turn)
  },
  async 'small messages'(parent) {
    const frames = message('status', parent, { execution_state: 'busy' })
    for (;;) await iopub.send(['', ...frames])
  },
  async 'many frames'(parent) {
    const frames = message('stream', parent, { name: 'stdout', text: 'x' })
    for (;;) await iopub.send(['', ...frames, ...Array(100_000).fill('')]).then(turn)
  },
  async 'a message without end'() {
    iopub.close()
    try {
      unlinkSync(path('iopub'))
    } catch {}
    createServer(neverEnding).listen(path('iopub'))
    await new Promise(() => {})
  },
  async 'wrong fields'(parent) {
    for (let i = 0; i < 200; i++) {
      await tell('stream', parent, { name: 'stdout', text: { a: 1 } })
      await tell('display_data', parent, 'null')
      await tell('display_data', parent, { data: 7, transient: { display_id: i } })
      await tell('update_display_data', parent, {})
      await tell('stream', '[1]', '"\u001b[31m"')
      await tell('error', parent, { ename: { toString: 1 } })
      await tell('status', 'null', {})
    }
  },
  async 'deep nesting'(parent) {
    await tell('display_data', parent, `{"data":${'['.repeat(2e6)}${']'.repeat(2e6)}}`)
    await tell('display_data', parent, `{"data":${'{"a":'.repeat(5e5)}1${'}'.repeat(5e5)}}`)
  },
}

/** ZMTP 3.0: a greeting, READY, then frames that all say that more of the same message follow. */
function neverEnding(socket) {
  socket.on('error', () => {})
  const greeting = Buffer.alloc(64)
  greeting.set([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0])
  greeting.write('NULL', 12)
  socket.write(greeting)
  const ready = Buffer.from('\x05READY\x0bSocket-Type\0\0\0\x03PUB', 'latin1')
  socket.write(Buffer.concat([Buffer.from([4, ready.length]), ready]))
  const frame = Buffer.alloc(9 + 1e6)
  frame[0] = 3
  frame.writeBigUInt64BE(1_000_000n, 1)
  const more = () => {
    while (socket.write(frame));
    socket.once('drain', more)
  }
  setTimeout(more, 200)
}

void (async () => {
  for await (const [first] of iopub) if (first[0] === 1) await tell('iopub_welcome', {}, {})
})().catch(() => {})

for await (const frames of shell) {
  const at = frames.findIndex((frame) => frame.equals(Buffer.from('<IDS|MSG>')))
  const parent = JSON.parse(frames[at + 2])
  await tell('status', parent, { execution_state: 'busy' })
  const reply = { status: 'ok', execution_count: 1, protocol_version: '5.4', banner: '' }
  const info = { implementation: 'x', implementation_version: '', language_info: { name: 'x' } }
  if (parent.msg_type === 'execute_request') await attacks[attack](parent)
  const type = parent.msg_type.replace('request', 'reply')
  await shell.send([...frames.slice(0, at), ...message(type, parent, { ...reply, ...info })])
  await tell('status', parent, { execution_state: 'idle' })
}
