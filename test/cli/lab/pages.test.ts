import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { packageRoot } from '../../../cli/root.js'
import {
  descendants,
  freePort,
  type Running,
  start,
  waitForLine,
} from '../../support/jupyterlab.js'

let folder: string
let running: Running | undefined
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'downhill-pages-test-')))
})
afterEach(async () => {
  running?.child.kill('SIGTERM')
  await running?.ended
  running = undefined
  rmSync(folder, { recursive: true, force: true })
})

/** Starts `downhill lab` so that what it puts into the temporary folder can be seen. */
async function lab(bootstrap: string, args: string[], env: NodeJS.ProcessEnv): Promise<Running> {
  const port = String(await freePort())
  const all = [bootstrap, 'lab', join(folder, 'work'), '--no-browser', '--port', port, ...args]
  running = start(process.execPath, all, { ...env, TMPDIR: folder })
  return running
}

/** The package as npm installs it, with two lessons: all of them run for minutes. */
function install(): string {
  const installed = join(folder, 'package')
  const lessons = ['01-three-adam-steps.ipynb', '02-gradient-clipping.ipynb']
  for (const part of [
    'dist',
    ...lessons.map((name) => join('notebooks', name)),
    'package.json',
    'cli/bootstrap.mjs',
    'cli/requirements.txt',
  ])
    cpSync(join(packageRoot, part), join(installed, part), { recursive: true })
  symlinkSync(join(packageRoot, 'node_modules'), join(installed, 'node_modules'))
  return installed
}

const shown = /^Lessons as pages: (http:\/\/127\.0\.0\.1:\d+\/)$/m
const text = async (url: string): Promise<string> => (await fetch(url)).text()

test('--no-python serves the lessons with their outputs on loopback, and leaves nothing', async () => {
  const pages = await lab(join(install(), 'cli', 'bootstrap.mjs'), ['--no-python'], {})
  const url = await waitForLine(pages, shown)
  const index = await text(url)
  const names = [...index.matchAll(/href="([^"]+\.html)"/g)].map((match) => match[1])
  expect(names).toContain('01-three-adam-steps.html')
  const lesson = await text(`${url}01-three-adam-steps.html`)
  for (const x of ['1.9900', '1.9800', '1.9700']) expect(lesson).toContain(x)
  expect(pages.stderr()).not.toContain('FAILED')

  pages.child.kill('SIGTERM')
  expect(await pages.ended).toBe(0)
  expect(descendants(pages.child.pid!)).toEqual([])
  expect(readdirSync(folder).sort()).toEqual(['package', 'work'])
}, 120_000)

test('an installed package without Python says what is missing and serves the pages', async () => {
  const installed = install()
  const env = { PATH: folder, XDG_CACHE_HOME: join(folder, 'cache'), HOME: folder }
  const pages = await lab(join(installed, 'cli', 'bootstrap.mjs'), [], env)
  const url = await waitForLine(pages, shown)
  expect(pages.stderr()).toContain(
    'lab: JupyterLab needs Python ≥ 3.9, found none; install it from',
  )
  expect(await text(`${url}02-gradient-clipping.html`)).toContain('2.6414')
}, 120_000)

test('a port that is taken ends it with one line', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as { port: number }
  running = start(process.execPath, [
    'cli/bootstrap.mjs',
    'lab',
    join(folder, 'work'),
    '--port',
    String(port),
  ])
  expect(await running.ended).toBe(1)
  expect(running.stdout()).toBe('')
  expect(running.stderr().trim()).toBe(
    `downhill: lab: port ${port} is in use; name another with --port, or leave it out to get a free one`,
  )
  expect(readdirSync(folder)).toEqual([])
  await new Promise((resolve) => other.close(resolve))
})
