import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

export const channels = ['shell', 'control', 'stdin', 'hb', 'iopub'] as const
export type Channel = (typeof channels)[number]
export type Ports = Record<`${Channel}_port`, number>

/** The file that Jupyter writes for a kernel. Spec: kernels.html#connection-files */
export interface Connection extends Ports {
  transport: 'tcp' | 'ipc'
  ip: string
  key: string
  signature_scheme: string
  /** A launcher that lets the kernel choose its ports (all are 0) wants to be told of them here. Spec: JEP 66 */
  registration?: { ip: string; port: number; kernelId: unknown; style: 'message' | 'xeus' }
}

export function readConnection(path: string): Connection {
  const fail = (why: string): never => {
    throw new Error(`kernel: ${path}: ${why}; pass the file Jupyter wrote`)
  }
  let value: Connection & Record<string, unknown>
  try {
    value = JSON.parse(readFileSync(path, 'utf8')) as Connection & Record<string, unknown>
  } catch (error) {
    return fail(`cannot read the connection file (${(error as Error).message})`)
  }
  for (const name of ['transport', 'ip', 'key'] as const)
    if (typeof value[name] !== 'string') fail(`connection file has no "${name}"`)
  const { registration_port: port, registration_ip: ip, kernel_id: kernelId } = value
  if (Number.isInteger(Number(port ?? Number.NaN))) {
    if (value.transport !== 'tcp') fail('a kernel chooses its ports on tcp only')
    const style = typeof ip === 'string' ? 'xeus' : 'message'
    value.registration = { ip: String(ip ?? value.ip), port: Number(port), kernelId, style }
    for (const channel of channels) value[`${channel}_port`] = 0
  }
  for (const channel of channels)
    if (!Number.isInteger(value[`${channel}_port`]))
      fail(`connection file has no "${channel}_port"`)
  if (value.key !== '' && (value.signature_scheme ?? 'hmac-sha256') !== 'hmac-sha256')
    fail(`signature_scheme must be hmac-sha256, got ${value.signature_scheme}`)
  if (value.transport !== 'tcp' && value.transport !== 'ipc')
    fail(`transport must be tcp or ipc, got ${value.transport}`)
  if (isShared(path))
    process.stderr.write(
      `kernel: ${path}: other users can read or change the connection file, and with its key run code here; chmod 600 it\n`,
    )
  return value
}

/** Whether its permissions, and those of its folder, let other users at it. Windows keeps these elsewhere. */
const isShared = (path: string): boolean =>
  process.platform !== 'win32' &&
  (statSync(path).mode & 0o066) !== 0 &&
  (statSync(dirname(path)).mode & 0o011) !== 0

/** ZeroMQ address of one channel; for ipc, `ip` is the prefix of the socket files (as jupyter_client has it). */
export function address(connection: Connection, channel: Channel): string {
  const { transport, ip } = connection
  const separator = transport === 'tcp' ? ':' : '-'
  return `${transport}://${ip}${separator}${connection[`${channel}_port`]}`
}
