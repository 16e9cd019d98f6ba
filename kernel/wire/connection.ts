import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** The file that Jupyter writes for a kernel. Spec: kernels.html#connection-files */
export interface Connection {
  transport: 'tcp' | 'ipc'
  ip: string
  key: string
  signature_scheme: string
  shell_port: number
  control_port: number
  stdin_port: number
  hb_port: number
  iopub_port: number
}

export type Channel = 'shell' | 'control' | 'stdin' | 'hb' | 'iopub'

export function readConnection(path: string): Connection {
  const fail = (why: string): never => {
    throw new Error(`kernel: ${path}: ${why}; pass the file Jupyter wrote`)
  }
  let value: Connection
  try {
    value = JSON.parse(readFileSync(path, 'utf8')) as Connection
  } catch (error) {
    return fail(`cannot read the connection file (${(error as Error).message})`)
  }
  for (const name of ['transport', 'ip', 'key'] as const)
    if (typeof value[name] !== 'string') fail(`connection file has no "${name}"`)
  for (const channel of ['shell', 'control', 'stdin', 'hb', 'iopub'] as const)
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
