import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePorts } from '../../../classroom/client/ports.js'
import { packageRoot } from '../../../cli/root.js'
import {
  descendants,
  isRunning,
  type Running,
  start,
  waitForLine,
} from '../../support/jupyterlab.js'
import { putNotebook } from '../../support/lab.js'

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
  const [port] = (await freePorts(1)).map(String)
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

/** What a person sees who waits: asks again until the page is what `wanted` says. */
const page = async (url: string, wanted: (html: string) => boolean): Promise<string> => {
  for (;;) {
    const html = await text(url)
    if (wanted(html)) return html
    await new Promise((go) => setTimeout(go, 100))
  }
}
const refreshes = (html: string) => html.includes('<meta http-equiv="refresh"')

/** The lessons of the front page, by their addresses, with what is said of them. */
const states = (index: string) =>
  Object.fromEntries(
    [...index.matchAll(/href="([^"]+)\.html">[^<]*<\/a><small>([^<]*)</g)].map((m) => [m[1], m[2]]),
  )

test('--no-python serves at once, runs what is asked for next, and leaves nothing', async () => {
  const work = join(folder, 'work')
  mkdirSync(work)
  // Runs until the test says so: what is looked at meanwhile is no matter of speed.
  putNotebook(work, '00-gate.ipynb', [
    `import { existsSync } from 'node:fs'
while (!existsSync('open')) await new Promise((go) => setTimeout(go, 50))`,
  ])
  putNotebook(work, '00-later.ipynb', [
    `import { writeFileSync } from 'node:fs'
writeFileSync('later', '')`,
  ])
  putNotebook(work, '03-wrong.ipynb', ['1 + 1', 'throw new RangeError("<b>no</b>")'])
  writeFileSync(join(work, '04-broken.ipynb'), '{')
  putNotebook(work, '05-endless.ipynb', ['await new Promise(() => {})'])
  const pages = await lab(join(install(), 'cli', 'bootstrap.mjs'), ['--no-python'], {})
  const url = await waitForLine(pages, shown)
  const front = await page(url, (html) => states(html)['00-gate'] === 'running')
  expect(states(front)).toEqual({
    '00-gate': 'running',
    '00-later': 'waiting',
    '01-three-adam-steps': 'waiting',
    '02-gradient-clipping': 'waiting',
    '03-wrong': 'waiting',
    '04-broken': 'waiting',
    '05-endless': 'waiting',
  })
  expect(refreshes(front)).toBe(true)
  const lesson = `${url}01-three-adam-steps.html`
  expect(await text(lesson)).toMatch(/refresh.*This lesson is run next\. /s)
  expect(await text(`${url}00-gate.html`)).toMatch(/refresh.*This lesson is being run\. /s)
  expect((await fetch(`${url}06-none.html`)).status).toBe(404)

  writeFileSync(join(work, 'open'), '')
  const read = await page(lesson, (html) => !refreshes(html))
  for (const x of ['1.9900', '1.9800', '1.9700']) expect(read).toContain(x)
  const last = await page(url, (html) => states(html)['05-endless'] === 'running')
  const written = [...pages.stderr().matchAll(/^ok .*\/([\w-]+)\.html: /gm)].map(([, name]) => name)
  expect(written.slice(0, 3)).toEqual(['00-gate', '01-three-adam-steps', '00-later'])
  expect(existsSync(join(work, 'later'))).toBe(true)
  expect(states(last)).toMatchObject({
    '02-gradient-clipping': 'ready',
    '03-wrong': expect.stringMatching(/^failed: .*cell 2 failed \(RangeError: &lt;b&gt;no/),
    '04-broken': expect.stringMatching(/^failed: .*04-broken\.ipynb/),
  })
  expect(await text(`${url}03-wrong.html`)).toContain('RangeError')
  const broken = await text(`${url}04-broken.html`)
  expect(broken).toContain('04-broken.ipynb')
  expect(refreshes(broken)).toBe(false)

  const below = () => descendants(pages.child.pid!)
  await expect.poll(() => below().length).toBeGreaterThan(2) // the kernel of the endless one
  const started = below()
  pages.child.kill('SIGTERM')
  expect(await pages.ended).toBe(0)
  await expect.poll(() => started.filter(isRunning)).toEqual([])
  expect(readdirSync(folder).sort()).toEqual(['package', 'work'])
}, 240_000)

test('an installed package without Python says what is missing and serves the pages', async () => {
  const installed = install()
  const env = { PATH: folder, XDG_CACHE_HOME: join(folder, 'cache'), HOME: folder }
  const pages = await lab(join(installed, 'cli', 'bootstrap.mjs'), [], env)
  const url = await waitForLine(pages, shown)
  expect(pages.stderr()).toContain(
    'lab: JupyterLab needs Python ≥ 3.9, found none; install it from',
  )
  const lesson = await page(`${url}02-gradient-clipping.html`, (html) => !refreshes(html))
  expect(lesson).toContain('2.6414')
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
