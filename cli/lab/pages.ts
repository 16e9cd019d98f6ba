import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pagePaths, plainPage, serveFolder } from '../../classroom/export/index.js'
import { escapeHtml } from '../../src/host/escape.js'
import { exportOne } from '../export.js'
import { withHost } from '../options.js'

export interface Pages {
  url: string
  /** Rejects when the lessons cannot be run any more; else it never ends: the pages are served until this process stops. */
  ended: Promise<never>
}

interface Lesson {
  notebook: string
  /** The file of its page. */
  page: string
  state: 'waiting' | 'running' | 'ready' | 'failed'
  /** Why it failed. */
  reason?: string
  /** Whether there is a page, if only up to the cell that failed. */
  readable: boolean
}

const cellLimit = 60_000

/**
 * Serves the notebooks of a folder as pages on loopback, at once, and runs them one after the other: a page that somebody asks for
 * comes next. Needs no Python.
 */
export async function startPages(work: string, port: number): Promise<Pages> {
  const folder = mkdtempSync(join(tmpdir(), 'downhill-pages-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const notebooks = readdirSync(work)
    .filter((name) => name.endsWith('.ipynb'))
    .sort()
    .map((name) => join(work, name))
  const pages = pagePaths(notebooks, folder)
  const lessons = notebooks.map(
    (notebook, k): Lesson => ({ notebook, page: pages[k]!, state: 'waiting', readable: false }),
  )
  const queue = [...lessons]

  const instead = (name: string): string | undefined => {
    if (name === '') return frontPage(lessons)
    const lesson = lessons.find(({ page }) => basename(page) === name)
    if (!lesson || lesson.readable) return undefined
    const place = queue.indexOf(lesson)
    if (place > 0) queue.unshift(...queue.splice(place, 1))
    return waitingPage(lesson)
  }
  const { url } = await serveFolder(folder, { port, instead })
  const ended = withHost(undefined, async (host) => {
    for (let lesson = queue.shift(); lesson; lesson = queue.shift()) {
      lesson.state = 'running'
      const { notebook, page } = lesson
      const report = await exportOne(notebook, page, { timeout: cellLimit }, host)
      lesson.readable = report.page !== undefined
      lesson.reason = report.error
      lesson.state = report.error === undefined ? 'ready' : 'failed'
    }
  }).then(() => new Promise<never>(() => {}))
  return { url, ended }
}

const titleOf = ({ page }: Lesson): string => basename(page, '.html').replace(/-/g, ' ')
const isUnderWay = ({ state }: Lesson): boolean => state === 'waiting' || state === 'running'

function frontPage(lessons: readonly Lesson[]): string {
  const items = lessons.map((lesson) => {
    const { page, state, reason } = lesson
    const told = escapeHtml(reason === undefined ? state : `${state}: ${reason}`)
    const link = `<a href="${encodeURIComponent(basename(page))}">${escapeHtml(titleOf(lesson))}</a>`
    return `<li>${link}<small>${told}</small></li>`
  })
  const body =
    items.length > 0 ? `<ol>${items.join('')}</ol>` : '<p>This folder has no notebook.</p>'
  return plainPage({ title: 'Lessons', body, refresh: lessons.some(isUnderWay) ? 3 : undefined })
}

function waitingPage(lesson: Lesson): string {
  const told =
    lesson.state === 'failed'
      ? escapeHtml(lesson.reason ?? '')
      : lesson.state === 'running'
        ? 'This lesson is being run. The page comes by itself.'
        : 'This lesson is run next. The page comes by itself.'
  return plainPage({
    title: titleOf(lesson),
    body: `<p>${told}</p><p><a href="/">All lessons</a></p>`,
    refresh: isUnderWay(lesson) ? 2 : undefined,
  })
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
