import { randomUUID } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { address, type Channel, type Connection } from '../../kernel/wire/connection.js'
import { freePorts, isListening } from './ports.js'

const channels = ['shell', 'iopub', 'stdin', 'control', 'hb'] as const

/** Where one kernel is spoken to: a private folder with its connection file and, over ipc, its sockets. */
export interface Address {
  folder: string
  file: string
  key: string
  url(channel: Channel): string
  /** Whether the kernel listens everywhere: over TCP, tslab is lost if it is asked on one socket while it still binds another. */
  listening(): Promise<boolean>
  /** Removes the folder. */
  release(): void
}

/** A socket's path may take 107 bytes (sockaddr_un); ours end in "/s-5" inside a folder of 9 more. */
function shortTemporary(): string {
  const usual = realpathSync(tmpdir())
  return Buffer.byteLength(usual) < 85 ? usual : '/tmp'
}

/** Chooses an address and writes its connection file. Spec: jupyter_client, "Connection files". */
export async function makeAddress(transport: 'ipc' | 'tcp'): Promise<Address> {
  const folder = mkdtempSync(join(shortTemporary(), 'dh-'))
  const ports = transport === 'ipc' ? [1, 2, 3, 4, 5] : await freePorts(channels.length)
  const connection = {
    transport,
    ip: transport === 'ipc' ? join(folder, 's') : '127.0.0.1',
    key: randomUUID(),
    signature_scheme: 'hmac-sha256',
    ...Object.fromEntries(channels.map((name, k) => [`${name}_port`, ports[k]])),
  } as Connection
  const file = join(folder, 'connection.json')
  writeFileSync(file, JSON.stringify(connection), { mode: 0o600 })
  return {
    folder,
    file,
    key: connection.key,
    url: (channel) => address(connection, channel),
    listening: async () =>
      transport === 'ipc' || (await Promise.all(ports.map(isListening))).every(Boolean),
    release: () => removeFolder(folder),
  }
}

/** Processes that are being killed may still write for a moment, and must not end the client by that. */
function removeFolder(folder: string, tries = 40): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    if (tries > 0) setTimeout(removeFolder, 50, folder, tries - 1)
  }
}
