import type * as ZeroMQ from 'zeromq'
import type { Reply, Router, XPublisher } from 'zeromq'
import { lazily } from '../lazily.js'
import { address, type Channel, type Connection, type Ports } from './connection.js'
import {
  type Content,
  decode,
  encode,
  type Message,
  newHeader,
  Signatures,
  WireError,
} from './frames.js'
import { Sender } from './sender.js'

/** Bytes that one frame of a message may have. ZeroMQ drops the connection of whoever sends more; that client may come again. */
export const largestFrame = 256 * 2 ** 20

const loadZeroMQ = lazily<typeof ZeroMQ>('zeromq')

export type Sink = (message: Message) => void

/** The kernel's five sockets: messages in, messages out. Knows frames and signatures, not what messages mean. */
export interface Sockets {
  /** Those of the connection file, or what was free where it says 0. */
  ports: Ports
  send(
    channel: 'shell' | 'control' | 'stdin' | 'iopub',
    message: Message<Content | Uint8Array>,
  ): Promise<void>
  listen(channel: 'shell' | 'control' | 'stdin', sink: Sink): void
  /** Resolves when the first subscriber of iopub was welcomed. */
  subscribed: Promise<void>
  close(): void
}

export async function bindSockets(
  connection: Connection,
  session: string,
  maxMessageSize = largestFrame,
): Promise<Sockets> {
  // Not at the top: the evaluator is starting meanwhile.
  const zmq = loadZeroMQ()
  const { key } = connection
  const router = () => new zmq.Router({ maxMessageSize })
  const [shell, control, stdin] = [router(), router(), router()] as const
  const heartbeat = new zmq.Reply({ maxMessageSize })
  // A cell may print faster than a client reads; ZeroMQ's default is to drop publications above 1000.
  const iopub = new zmq.XPublisher({
    maxMessageSize,
    sendHighWaterMark: 0,
    verbosity: 'allSubs',
  })
  const all = { shell, control, stdin, hb: heartbeat, iopub }
  await Promise.all(
    Object.entries(all).map(([channel, socket]) => {
      socket.linger = 1000
      return socket.bind(address(connection, channel as Channel))
    }),
  )
  const senders = {
    shell: new Sender(shell),
    control: new Sender(control),
    stdin: new Sender(stdin),
    iopub: new Sender(iopub),
  }
  const seen = new Signatures()
  void echo(heartbeat)
  let first!: () => void
  const subscribed = new Promise<void>((resolve) => {
    first = resolve
  })
  void welcome(iopub, (topic) => {
    void senders.iopub.send(
      encode(
        {
          identities: [topic],
          header: newHeader('iopub_welcome', session),
          parent: {},
          metadata: {},
          content: { subscription: Buffer.from(topic).toString() },
          buffers: [],
        },
        key,
      ),
    )
    first()
  })
  const bound = Object.entries(all).map(([channel, socket]) => [
    `${channel}_port`,
    Number(/\d+$/.exec(socket.lastEndpoint ?? '')?.[0]),
  ])
  return {
    ports: Object.fromEntries(bound) as Ports,
    send: (channel, message) => senders[channel].send(encode(message, key)),
    listen: (channel, sink) => void read(all[channel], (frames) => sink(decode(frames, key, seen))),
    subscribed,
    close: () => {
      for (const socket of Object.values(all)) socket.close()
    },
  }
}

async function read(socket: Router, sink: (frames: Uint8Array[]) => void): Promise<void> {
  for await (const frames of socket) {
    try {
      sink(frames)
    } catch (error) {
      if (!(error instanceof WireError)) throw error
      process.stderr.write(`${error.message}\n`)
    }
  }
}

async function echo(heartbeat: Reply): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames)
}

/** Tells each new subscriber that it is subscribed (JEP 65): before that, publications would pass it by. */
async function welcome(iopub: XPublisher, send: (topic: Uint8Array) => void): Promise<void> {
  for await (const [frame] of iopub) if (frame?.[0] === 1) send(frame.subarray(1))
}
