import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveFolder } from '../../classroom/export/index.js'
import { exportEach } from '../export.js'

export interface Pages {
  url: string
  ended: Promise<void>
  stop(): void
}

const cellLimit = 60_000

/** Runs the notebooks of a folder, makes pages of them and serves these on loopback. Needs no Python. */
export async function startPages(work: string, port: number): Promise<Pages> {
  const folder = mkdtempSync(join(tmpdir(), 'downhill-pages-'))
  const clean = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', clean)
  const notebooks = readdirSync(work)
    .filter((name) => name.endsWith('.ipynb'))
    .map((name) => join(work, name))
  await exportEach(notebooks, { out: folder, execute: true, timeout: cellLimit })
  const { url, close } = await serveFolder(folder, port)
  let stop = () => {}
  const ended = new Promise<void>((resolve) => {
    stop = () => resolve(close())
  })
  return { url, ended, stop }
}

/** Opens the address in the browser of this desktop, if there is one. */
export function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url]
  const opener = spawn(command!, args, { stdio: 'ignore', detached: true })
  opener.on('error', () => {}) // no desktop: the address is on the screen
  opener.unref()
}
