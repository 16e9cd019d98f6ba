import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { Dealer, Subscriber } from 'zeromq'
import { UserError } from '../../src/host/user-error.js'
import { type Address, type Channel, makeAddress } from './address.js'
import { whileAlive } from './cleanup.js'
import type { Launch, Spec } from './types.js'
import type { Packet } from './v1.js'

const separator = '<IDS|MSG>'
/** One message more than this from a kernel is a fault or an attack: zeromq drops it and the connection. */
const largestMessage = 64 * 2 ** 20
const startLimit = 60_000

export interface ProcessOptions {
  spec: Spec
  cwd: string
  transport: 'ipc' | 'tcp'
  launch?: Launch
  onPacket(packet: Packet): void
  onExit(reason: string): void
}

/** One kernel process and the sockets to it. Its end, however it comes, is told once through `onExit`. */
export class KernelProcess {
  #child: ChildProcess
  #sockets: Record<'shell' | 'control' | 'stdin', Dealer> & { iopub: Subscriber }
  #queues = new Map<Channel, Promise<void>>()
  #heard = { shell: false, iopub: false }
  #stderr = ''
  #ended: Promise<string>
  #stopping = false
  #quiet: () => void

  private constructor(
    private readonly options: ProcessOptions,
    private readonly address: Address,
  ) {
    const { spec, cwd, launch } = options
    const plain = spec.argv.map((part) => part.replaceAll('{connection_file}', address.file))
    const argv = launch?.wrap?.(plain, address.folder) ?? plain
    const { JUPYTER_TOKEN: _secret, ...inherited } = process.env
    const env = launch?.wrap
      ? launch.env
      : { ...inherited, ...spec.env, JPY_PARENT_PID: String(process.pid), ...launch?.env }
    // A process group of its own, so that whatever the kernel starts ends with it.
    this.#child = spawn(argv[0]!, argv.slice(1), {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#quiet = whileAlive(() => this.kill())
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#stderr = (this.#stderr + text).slice(-2000)
      })
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(error.message))
      this.#child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
    })
    const limits = {
      linger: 0,
      reconnectInterval: 5,
      maxMessageSize: largestMessage,
      receiveHighWaterMark: 0,
    }
    const dealer = () => new Dealer({ ...limits, sendHighWaterMark: 0 })
    this.#sockets = {
      shell: dealer(),
      control: dealer(),
      stdin: dealer(),
      iopub: new Subscriber(limits),
    }
    for (const [name, socket] of Object.entries(this.#sockets)) {
      socket.connect(address.url[name as Channel])
      void this.#receive(name as Channel, socket)
    }
    this.#sockets.iopub.subscribe()
    void this.#ended.then((reason) => {
      this.kill()
      if (!this.#stopping) options.onExit(reason)
    })
    if (this.#child.pid !== undefined) launch?.started?.(this.#child.pid)
  }

  /** Starts a kernel and waits until it answers and its broadcasts arrive. */
  static async start(options: ProcessOptions): Promise<KernelProcess> {
    const kernel = new KernelProcess(options, await makeAddress(options.transport))
    try {
      await kernel.#ready()
      return kernel
    } catch (error) {
      await kernel.stop()
      throw error
    }
  }

  /** A subscriber that joins late misses messages, so we ask until an answer and a broadcast were both heard. */
  async #ready(): Promise<void> {
    const deadline = Date.now() + startLimit
    let ended: string | undefined
    void this.#ended.then((reason) => {
      ended = reason
    })
    for (let wait = 0; !(this.#heard.shell && this.#heard.iopub); wait++) {
      if (ended !== undefined) {
        const last = this.#stderr.trim().split('\n').at(-1)
        throw new UserError(`the kernel ended at its start (${ended})${last ? `: ${last}` : ''}`)
      }
      if (Date.now() > deadline)
        throw new UserError(`the kernel gave no answer in ${startLimit / 1000} s`)
      // The first question waits in the socket until the kernel listens; later ones cost it little.
      if (wait % 20 === 0) this.send({ channel: 'shell', parts: request('kernel_info_request') })
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  async #receive(channel: Channel, socket: Dealer | Subscriber): Promise<void> {
    for await (const frames of socket) {
      const start = frames.findIndex((frame) => frame.toString('latin1') === separator)
      const parts = frames.slice(start + 2)
      if (start < 0 || parts.length < 4 || !this.#signed(frames[start + 1]!, parts)) continue
      if (channel === 'shell' || channel === 'iopub') this.#heard[channel] = true
      this.options.onPacket({ channel, parts })
    }
  }

  #signature(parts: Uint8Array[]): string {
    const hmac = createHmac('sha256', this.address.key)
    for (const part of parts.slice(0, 4)) hmac.update(part)
    return hmac.digest('hex')
  }

  #signed(signature: Buffer, parts: Uint8Array[]): boolean {
    const expected = Buffer.from(this.#signature(parts))
    return signature.length === expected.length && timingSafeEqual(signature, expected)
  }

  /** Sends in order; a socket takes one send at a time. */
  send({ channel, parts }: Packet): void {
    const socket = this.#sockets[channel as 'shell']
    if (!socket || socket.closed) return
    const frames = [separator, this.#signature(parts), ...parts]
    const earlier = this.#queues.get(channel as Channel) ?? Promise.resolve()
    const sent = earlier.then(() => socket.send(frames)).catch(() => {})
    this.#queues.set(channel as Channel, sent)
  }

  interrupt(): void {
    if (this.options.spec.interrupt_mode === 'message')
      this.send({ channel: 'control', parts: request('interrupt_request') })
    else this.#signal('SIGINT')
  }

  /** Asks the kernel to end, and ends it if it does not within `grace` milliseconds. */
  async stop(grace = 1000): Promise<void> {
    this.#stopping = true
    this.send({ channel: 'control', parts: request('shutdown_request', { restart: false }) })
    const timer = setTimeout(() => this.#signal('SIGKILL'), this.#heard.shell ? grace : 0)
    await this.#ended
    clearTimeout(timer)
    this.kill()
  }

  /** Ends the kernel and all it started, at once, and removes its folder. Safe to repeat. */
  kill(): void {
    this.#signal('SIGKILL')
    for (const socket of Object.values(this.#sockets ?? {})) socket.close()
    this.#quiet?.()
    this.address.release()
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child
    if (pid === undefined) return
    try {
      if (process.platform === 'win32') this.#child.kill(signal)
      else process.kill(-pid, signal)
    } catch {
      // It had ended already.
    }
  }
}

function request(type: string, content: object = {}): Uint8Array[] {
  const header = {
    msg_id: randomUUID(),
    msg_type: type,
    session: 'host',
    username: 'host',
    date: new Date().toISOString(),
    version: '5.4',
  }
  return [header, {}, {}, content].map((part) => Buffer.from(JSON.stringify(part)))
}
