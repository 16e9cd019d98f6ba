import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { freePorts } from '../../classroom/client/ports.js'
import { launch } from './chromium.js'
import { type Running, start, waitForLine } from './jupyterlab.js'
import { has } from './need.js'
import { venv, venvLimit } from './python.js'

/** JupyterLab on a folder of its own, and a browser; all but `work` is there when the first test runs. */
export interface Lab {
  work: string
  running: Running
  url: string
  browser: Browser
}

/** In a `describe`: starts JupyterLab as npm start does, before its tests, on what `fill` puts into the folder; ends it after them. */
export function useLab(fill: (work: string) => void): Lab {
  const lab = { work: mkdtempSync(join(tmpdir(), 'downhill-lab-')) } as Lab
  beforeAll(async () => {
    if (!has('python', 'chromium')) return
    await venv()
    fill(lab.work)
    const [port] = (await freePorts(1)).map(String)
    const args = ['cli/bootstrap.mjs', 'lab', lab.work, '--no-browser', '--port', port]
    lab.running = start(process.execPath, args)
    const address =
      /^JupyterLab: (http:\/\/127\.0\.0\.1:\d+\/lab\/tree\/00-start-here\.ipynb\?token=\w+)$/m
    lab.url = await waitForLine(lab.running, address)
    lab.browser = await launch()
  }, venvLimit)
  afterAll(async () => {
    await lab.browser?.close()
    lab.running?.child.kill('SIGTERM')
    await lab.running?.ended
    rmSync(lab.work, { recursive: true, force: true })
  })
  return lab
}

/** Puts a notebook of these code cells, not run yet, into a folder. */
export function putNotebook(work: string, name: string, sources: string[]): void {
  const cells = sources.map((source, index) => ({
    cell_type: 'code',
    id: `cell-${index + 1}`,
    source,
    metadata: {},
    outputs: [],
    execution_count: null,
  }))
  const kernelspec = { name: 'downhill', display_name: 'TypeScript', language: 'typescript' }
  const notebook = { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }
  writeFileSync(join(work, name), JSON.stringify(notebook))
}
