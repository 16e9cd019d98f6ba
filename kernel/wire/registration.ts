import { rmSync, writeFileSync } from 'node:fs'
import type * as ZeroMQ from 'zeromq'
import { lazily } from '../lazily.js'
import type { Connection, Ports } from './connection.js'
import { decode, delimiter, encode, isSigned, newHeader, sign, WireError } from './frames.js'

const loadZeroMQ = lazily<typeof ZeroMQ>('zeromq')

/** Milliseconds in which a launcher answers; a kernel that nobody knows must not stay. */
const patience = 10_000

/**
 * Tells the launcher which ports this kernel has bound, and waits for its word. Spec: JEP 66, which leaves the message open.
 * There are two: that of Positron, a signed Jupyter message `handshake_request` answered by `handshake_reply`; and that of
 * xeus-zmq, whose file has `registration_ip`: signature and content alone, ports as text, answered by "ACK".
 */
export async function register(connection: Connection, ports: Ports, session: string) {
  const { registration, transport, key } = connection
  if (!registration) return
  const { Dealer, Request } = loadZeroMQ()
  const bare = registration.style === 'xeus'
  const socket = bare ? new Dealer() : new Request()
  socket.linger = 1000
  socket.receiveTimeout = patience
  const url = `${transport}://${registration.ip}:${registration.port}`
  try {
    socket.connect(url)
    if (bare) await sayBare(socket, { ...textOf(ports), kernel_id: registration.kernelId }, key)
    else await say(socket, ports, { key, session })
  } catch (error) {
    throw new Error(
      `kernel: no handshake with the launcher at ${url} (${(error as Error).message}); the kernel ends`,
    )
  } finally {
    socket.close()
  }
}

type Socket = Pick<ZeroMQ.Dealer, 'send' | 'receive'>

async function say(
  socket: Socket,
  ports: Ports,
  { key, session }: { key: string; session: string },
) {
  const header = newHeader('handshake_request', session)
  const empty = { identities: [], parent: {}, metadata: {}, buffers: [] }
  await socket.send(encode({ header, content: { ...ports }, ...empty }, key))
  const { content } = decode(await socket.receive(), key)
  if (content.status !== 'ok') throw new WireError(`it answered with status ${content.status}`)
}

async function sayBare(socket: Socket, content: object, key: string) {
  const bytes = Buffer.from(JSON.stringify(content))
  await socket.send([delimiter, Buffer.from(sign(key, [bytes])), bytes])
  const frames = await socket.receive()
  const at = frames.findIndex((frame) => delimiter.equals(frame))
  const [signature = Buffer.alloc(0), answer] = frames.slice(at + 1)
  if (!answer || !isSigned(key, [answer], signature))
    throw new WireError('its answer is not signed with our key')
}

const textOf = (ports: Ports) =>
  Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]))

/** For other clients: an ordinary connection file beside the launcher's. Returns what removes it. */
export function writeConnection(path: string, connection: Connection, ports: Ports): () => void {
  const file = path.replace(/(\.json)?$/, '-connection.json')
  const { transport, ip, key, signature_scheme } = connection
  const text = JSON.stringify({ transport, ip, key, signature_scheme, ...ports }, null, 2)
  writeFileSync(file, `${text}\n`, { mode: 0o600 })
  return () => rmSync(file, { force: true })
}
