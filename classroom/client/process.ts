import { type ChildProcess, spawn } from 'node:child_process'
import { openSync, readdirSync, readFileSync } from 'node:fs'
import { Dealer, Subscriber } from 'zeromq'
import type { Channel } from '../../kernel/wire/connection.js'
import { newHeader, seal, unseal } from '../../kernel/wire/frames.js'
import { Sender } from '../../kernel/wire/sender.js'
import { UserError } from '../../src/host/user-error.js'
import { type Address, makeAddress } from './address.js'
import { whileAlive } from './cleanup.js'
import type { Launch, Spec } from './types.js'
import type { Packet } from './v1.js'

/** What run, grade and export execute is nobody's typing. */
const unrecorded = { DOWNHILL_HISTORY: 'off' }
/** One message more than this from a kernel is a fault or an attack: zeromq drops it and the connection. */
const largestMessage = 256 * 2 ** 20
/** From a sandbox: no answer to the grader is larger, and what waits to be read is memory of the grader's. */
const hostileMessage = 16 * 2 ** 20
const hostileQueue = 32
/** A message has seven frames and its buffers. Reading a million of them takes minutes, so a kernel that sends many is ended. */
const mostFrames = 1000
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
  #senders: Record<string, Sender>
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
    // A wrapper gets almost nothing of our environment: what it runs could read it in /proc/1/environ.
    const env = launch?.wrap
      ? { PATH: process.env.PATH, ...unrecorded, ...launch.env }
      : {
          ...inherited,
          ...unrecorded,
          ...spec.env,
          JPY_PARENT_PID: String(process.pid),
          ...launch?.env,
        }
    // A process group of its own, so that whatever the kernel starts ends with it.
    this.#child = spawn(argv[0]!, argv.slice(1), {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', ...(launch?.wrap ? covered() : [])],
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
      maxMessageSize: launch?.wrap ? hostileMessage : largestMessage,
      receiveHighWaterMark: launch?.wrap ? hostileQueue : 0,
    }
    const dealer = () => new Dealer({ ...limits, sendHighWaterMark: 0 })
    this.#sockets = {
      shell: dealer(),
      control: dealer(),
      stdin: dealer(),
      iopub: new Subscriber(limits),
    }
    for (const [name, socket] of Object.entries(this.#sockets)) {
      socket.connect(address.url(name as Channel))
      void this.#receive(name as Channel, socket)
    }
    this.#sockets.iopub.subscribe()
    const { shell, control, stdin } = this.#sockets
    this.#senders = {
      shell: new Sender(quiet(shell)),
      control: new Sender(quiet(control)),
      stdin: new Sender(quiet(stdin)),
    }
    void this.#ended.then((reason) => {
      this.kill()
      launch?.ended?.()
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
    let listening = false
    for (let wait = 0; !(this.#heard.shell && this.#heard.iopub); wait++) {
      if (ended !== undefined)
        throw new UserError(`the kernel ended at its start (${ended})${this.#lastWords()}`)
      if (Date.now() > deadline)
        throw new UserError(
          `the kernel gave no answer in ${startLimit / 1000} s${this.#lastWords()}`,
        )
      listening ||= await this.address.listening()
      // The first question waits in the socket until the kernel listens; later ones cost it little.
      if (listening && wait % 20 === 0)
        this.send({ channel: 'shell', parts: request('kernel_info_request') })
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  /** What it wrote last, often why it does not start; without the stack below an error's words. */
  #lastWords(): string {
    const lines = this.#stderr.split('\n').filter((line) => line.trim() && !/^\s+at /.test(line))
    return lines.length > 0 ? `; it wrote last:\n${lines.slice(-8).join('\n')}` : ''
  }

  async #receive(channel: Channel, socket: Dealer | Subscriber): Promise<void> {
    try {
      for await (const frames of socket) this.#accept(channel, frames)
    } catch (error) {
      // A socket that is closed while messages pour in complains of that.
      if (!socket.closed) throw error
    }
  }

  #accept(channel: Channel, frames: Uint8Array[]): void {
    try {
      if (frames.length > mostFrames) this.kill()
      const { parts } = unseal(frames, this.address.key)
      if (channel === 'shell' || channel === 'iopub') this.#heard[channel] = true
      this.options.onPacket({ channel, parts })
    } catch {
      // Not from this kernel, or broken on purpose: no answer to anything we asked.
    }
  }

  send({ channel, parts }: Packet): void {
    if (!this.#sockets.shell.closed)
      void this.#senders[channel]?.send(seal(parts, this.address.key))
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

/** A message to a kernel that has just gone is not worth a word: its end is told another way. */
const quiet = (socket: Dealer) => ({
  send: async (frames: Uint8Array[]) => {
    if (!socket.closed) await socket.send(frames).catch(() => {})
  },
})

/**
 * What would be inherited: Node closes for its children only the first files that its own parent left open. A sandbox gets
 * /dev/null in their places. Linux; elsewhere there is no sandbox.
 */
function covered(): ('ignore' | number)[] {
  const inherited = readdirSync('/proc/self/fdinfo').map(Number).filter(isInherited)
  if (inherited.length === 0) return []
  nothing ??= openSync('/dev/null', 'r')
  const open = new Set(inherited)
  return Array.from({ length: Math.max(...inherited) - 2 }, (_, k) =>
    open.has(k + 3) ? nothing! : 'ignore',
  )
}

let nothing: number | undefined

function isInherited(descriptor: number): boolean {
  if (descriptor < 3) return false
  try {
    const [, flags] = /^flags:\s*([0-7]+)/m.exec(
      readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'),
    ) as RegExpExecArray
    return (Number.parseInt(flags!, 8) & closeOnExec) === 0
  } catch {
    return false // It was the one that read the list.
  }
}

const closeOnExec = 0o2000000

function request(type: string, content: object = {}): Uint8Array[] {
  const header = newHeader(type, 'host')
  return [header, {}, {}, content].map((part) => Buffer.from(JSON.stringify(part)))
}
