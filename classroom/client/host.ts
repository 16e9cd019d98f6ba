import { userInfo } from 'node:os'
import { KernelSpecAPI, ServerConnection } from '@jupyterlab/services'
import { kernelName } from '../../kernel/install/spec.js'
import { UserError } from '../../src/host/user-error.js'
import { EmbeddedServer } from './embedded.js'
import { quietServices } from './quiet.js'
import { ServerSession } from './session.js'
import { findSpec, kernelNames } from './specs.js'
import type { KernelHost, StartOptions } from './types.js'

export interface HostOptions {
  /** Address of a Jupyter Server, JupyterHub user server or Enterprise Gateway; without it kernels run here. */
  server?: string
  /** Its token; the commands take it from JUPYTER_TOKEN. */
  token?: string
}

/**
 * Opens the place where kernels run: in this process's own server, or on somebody else's.
 * @throws UserError when the server cannot be reached or refuses the token.
 */
export function openHost({ server, token }: HostOptions = {}): Promise<KernelHost> {
  quietServices()
  return server === undefined ? Promise.resolve(embeddedHost()) : remoteHost(server, token ?? '')
}

function embeddedHost(): KernelHost {
  const server = new EmbeddedServer(findSpec)
  const settings = ServerConnection.makeSettings({
    baseUrl: 'http://embedded/',
    wsUrl: 'ws://embedded/',
    token: '',
    fetch: server.fetch,
    WebSocket: server.WebSocket,
  })
  return {
    name: 'embedded',
    async start({ kernel, cwd, launch }: StartOptions) {
      if (!findSpec(kernel)) throw missing(kernel, kernelNames())
      const request = () => ({
        name: kernel,
        path: cwd,
        ...(launch && { launch: server.prepare(launch) }),
      })
      return ServerSession.start({ settings, request }).catch((error) => {
        // What went wrong while starting comes back as HTTP 500 with our own message.
        throw error instanceof ServerConnection.ResponseError ? new UserError(error.message) : error
      })
    },
    dispose: () => server.dispose(),
  }
}

async function remoteHost(address: string, token: string): Promise<KernelHost> {
  if (!/^https?:\/\//.test(address))
    throw new UserError(`--server must be an http(s) address, got "${address}"`)
  const { origin, pathname } = new URL(address)
  const name = `${origin}${pathname}`
  const settings = remoteSettings(name, token)
  const specs = await KernelSpecAPI.getSpecs(settings).catch((error) => {
    throw unreachable(name, token, error)
  })
  const sessions = new Set<ServerSession>()
  return {
    name,
    async start({ kernel }) {
      if (!specs.kernelspecs[kernel]) throw missing(kernel, Object.keys(specs.kernelspecs), name)
      // Enterprise Gateway starts nothing for root unless a user is named; the others ignore the variable.
      const user = process.env.KERNEL_USERNAME ?? userInfo().username
      const request = () => ({ name: kernel, env: { KERNEL_USERNAME: user } })
      const session = await ServerSession.start({ settings, request }).catch((error) => {
        throw error instanceof UserError ? error : unreachable(name, token, error)
      })
      sessions.add(session)
      return session
    },
    async dispose() {
      await Promise.all([...sessions].map((session) => session.shutdown()))
    },
  }
}

/** The token travels in a header, also for the WebSocket: an address would put it into the server's log. */
function remoteSettings(baseUrl: string, token: string): ServerConnection.ISettings {
  const defaults = ServerConnection.makeSettings({ baseUrl, token, appendToken: false })
  const headers = token ? { Authorization: `token ${token}` } : {}
  const WebSocket = new Proxy(defaults.WebSocket, {
    construct: (target, [url, protocols]) =>
      Reflect.construct(target, [url, protocols, { headers }]),
  })
  return { ...defaults, fetch: explainedFetch, WebSocket }
}

/** `fetch failed` hides its cause, and services drop it. */
const explainedFetch: typeof fetch = (input, init) =>
  fetch(input, init).catch((error) => {
    throw new TypeError((error.cause as { code?: string } | undefined)?.code ?? error.message)
  })

function missing(kernel: string, others: string[], where = 'this machine'): UserError {
  const list = others.length > 0 ? `it has: ${others.sort().join(', ')}` : 'it has none'
  return new UserError(
    `kernel "${kernel}" is not installed on ${where}; ${list}${kernel === kernelName ? '; install it with: downhill kernel install' : ''}`,
  )
}

/** One line for what a server may answer. Whatever it says, the token is not repeated. */
function unreachable(name: string, token: string, error: unknown): UserError {
  const status = (error as { response?: Response }).response?.status
  if (status === 401 || status === 403)
    return new UserError(
      `${name} refused ${token ? 'the token in JUPYTER_TOKEN' : 'access without a token; set JUPYTER_TOKEN'} (HTTP ${status})`,
    )
  if (status === 404)
    return new UserError(`${name} is no Jupyter Server: it has no api/kernelspecs`)
  const said = error instanceof Error ? error.message : String(error)
  const text = token ? said.replaceAll(token, '…') : said
  return new UserError(`cannot use ${name} (${text}); is it running, and is the address right?`)
}
