import { randomUUID } from 'node:crypto'
import { kernelName } from '../../kernel/install/spec.js'
import { newHeader } from '../../kernel/wire/frames.js'
import { UserError } from '../../src/host/user-error.js'
import { EmbeddedSocket } from './embedded-socket.js'
import { KernelProcess } from './process.js'
import type { Launch, Spec } from './types.js'
import type { Packet } from './v1.js'

interface Kernel {
  id: string
  name: string
  options: { spec: Spec; cwd: string; transport: 'ipc' | 'tcp'; launch?: Launch }
  process: KernelProcess | undefined
  sockets: Set<EmbeddedSocket>
}

/** What `POST /api/kernels` takes here: Jupyter Server's fields, and the name of a prepared launch. */
interface StartRequest {
  name: string
  path: string
  launch?: string
}

const json = (body: unknown, status = 200) =>
  new Response(body === undefined ? null : JSON.stringify(body), { status })

const model = ({ id, name, process, sockets }: Kernel) => ({
  id,
  name,
  last_activity: new Date().toISOString(),
  execution_state: process ? 'idle' : 'dead',
  connections: sockets.size,
})

/**
 * A Jupyter server without a port: `fetch` and `WebSocket` for @jupyterlab/services, backed by kernel processes.
 * Serves GET /api/kernelspecs, GET|POST /api/kernels, GET|DELETE /api/kernels/ID, POST …/interrupt and …/restart.
 */
export class EmbeddedServer {
  readonly #kernels = new Map<string, Kernel>()
  readonly #launches = new Map<string, Launch>()
  readonly WebSocket: typeof WebSocket

  constructor(private readonly findSpec: (name: string) => Spec | undefined) {
    const kernels = this.#kernels
    this.WebSocket = class extends EmbeddedSocket {
      constructor(url: string) {
        super(kernels.get(idIn(url)))
      }
    } as unknown as typeof WebSocket
  }

  /** Keeps a launch, which JSON cannot carry, for one POST that names it. */
  prepare(launch: Launch): string {
    const name = randomUUID()
    this.#launches.set(name, launch)
    return name
  }

  fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    const { pathname } = new URL(request.url)
    try {
      if (pathname === '/api/kernels' && request.method === 'POST')
        return json(model(await this.#start((await request.json()) as StartRequest)), 201)
      if (pathname === '/api/kernels') return json([...this.#kernels.values()].map(model))
      if (pathname === '/api/kernelspecs') return json(this.#specs())
      const kernel = this.#kernels.get(idIn(pathname))
      if (!kernel) return json({ message: `no such kernel: ${pathname}` }, 404)
      return await this.#act(kernel, request.method, pathname.split('/')[4])
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      return json({ message: error.message }, 500)
    }
  }

  #specs() {
    const kernelspecs: Record<string, object> = {}
    const spec = this.findSpec(kernelName)
    if (spec)
      kernelspecs[kernelName] = {
        name: kernelName,
        spec: { env: {}, metadata: {}, ...spec },
        resources: {},
      }
    return { default: kernelName, kernelspecs }
  }

  async #act(kernel: Kernel, method: string, verb: string | undefined): Promise<Response> {
    if (method === 'DELETE') {
      this.#kernels.delete(kernel.id)
      await kernel.process?.stop()
      for (const socket of kernel.sockets) socket.close()
      return json(undefined, 204)
    }
    if (verb === 'interrupt') {
      kernel.process?.interrupt()
      return json(undefined, 204)
    }
    if (verb === 'restart') {
      await kernel.process?.stop()
      await this.#run(kernel)
    }
    return json(model(kernel))
  }

  async #start({ name, path, launch }: StartRequest): Promise<Kernel> {
    const spec = this.findSpec(name)
    if (!spec) throw new UserError(`no kernel is called "${name}"`)
    // Other people's kernels get what Jupyter itself gives them: not all of them spell ipc addresses as it does.
    const transport = name === kernelName && process.platform !== 'win32' ? 'ipc' : 'tcp'
    const options = {
      spec,
      cwd: path,
      transport,
      launch: this.#launches.get(launch ?? ''),
    } as const
    this.#launches.delete(launch ?? '')
    const kernel: Kernel = {
      id: randomUUID(),
      name,
      options,
      process: undefined,
      sockets: new Set(),
    }
    await this.#run(kernel)
    this.#kernels.set(kernel.id, kernel)
    return kernel
  }

  async #run(kernel: Kernel): Promise<void> {
    kernel.process = undefined
    kernel.process = await KernelProcess.start({
      ...kernel.options,
      onPacket: (packet) => {
        for (const socket of kernel.sockets) socket.deliver(packet)
      },
      onExit: () => {
        kernel.process = undefined
        for (const socket of kernel.sockets) socket.deliver(died(kernel.id))
      },
    })
  }

  async dispose(): Promise<void> {
    const kernels = [...this.#kernels.values()]
    this.#kernels.clear()
    await Promise.all(kernels.map((kernel) => kernel.process?.stop()))
  }
}

const idIn = (path: string) => /\/api\/kernels\/([^/?]+)/.exec(path)?.[1] ?? ''

/** The message a server sends when a kernel went away and is not started again. */
function died(id: string): Packet {
  const header = newHeader('status', id)
  const parts = [header, {}, {}, { execution_state: 'dead' }]
  return { channel: 'iopub', parts: parts.map((part) => Buffer.from(JSON.stringify(part))) }
}
