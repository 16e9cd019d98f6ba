import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { packageRoot } from '../../cli/root.js'
import { patience } from './chromium.js'

/** A program that was started as a user would, and what it has printed. */
export interface Running {
  child: ChildProcess
  stdout(): string
  stderr(): string
  /** Ends when the program has, with its exit status. */
  ended: Promise<number | null>
}

export function start(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(command, args, {
    cwd: packageRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (part) => {
      text[name] += part
    })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, ended, stdout: () => text.stdout, stderr: () => text.stderr }
}

/** Waits for a line of a program's standard output; fails with all that it said when it ends without. */
export async function waitForLine(running: Running, pattern: RegExp): Promise<string> {
  const found = new Promise<string>((resolve) => {
    const look = () => {
      const match = pattern.exec(running.stdout())
      if (match) resolve(match[1] ?? match[0])
    }
    running.child.stdout?.on('data', look)
    look()
  })
  const line = await Promise.race([found, running.ended])
  if (typeof line === 'string') return line
  throw new Error(`ended (${line}) without ${pattern}:\n${running.stdout()}${running.stderr()}`)
}

/** Every process below `pid`. Linux only, as are the tests that ask. */
export function descendants(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => parentOf(candidate) === pid)
  return children.flatMap((child) => [child, ...descendants(child)])
}

export const isRunning = (pid: number) => parentOf(pid) !== undefined

/** The parent's id; undefined for a process that is gone, or a zombie that nobody has buried yet. */
function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' ? undefined : Number(parent)
  } catch {
    return undefined
  }
}

/** What a test sees of a code cell, from JupyterLab's own model: cells out of sight are not in the page. */
export interface Cell {
  source: string
  executionCount: number | null
  tags: readonly string[]
  outputs: { output_type: string; data?: Record<string, unknown>; text?: string; ename?: string }[]
}

interface KernelMessage {
  header: { msg_type: string; msg_id: string }
  parent_header: { msg_id?: string }
}
type Seen = (sender: Kernel, about: { msg: KernelMessage }) => void

interface Kernel {
  /** "idle" behind the last output of a cell. */
  status: string
  info: Promise<{ implementation: string }>
  /** Each message that comes or goes. */
  anyMessage: { connect(seen: Seen): void; disconnect(seen: Seen): void }
}

/** What the tests use of JupyterLab's application object. */
interface Lab {
  restored: Promise<void>
  shell: {
    currentWidget: {
      sessionContext: {
        ready: Promise<void>
        session: { kernel: Kernel | null } | null
      }
      context: { model: { dirty: boolean } }
      content: {
        activeCellIndex: number
        widgets: { model: { type: string; sharedModel: { toJSON(): unknown } } }[]
        scrollToItem(index: number, align: string): Promise<void>
      }
    }
  }
}
declare global {
  var jupyterapp: Lab
}

/** One notebook in JupyterLab, in a browser: what a person would do and see. */
export class NotebookPage {
  readonly errors: string[] = []
  readonly outside: string[] = []

  private constructor(readonly page: Page) {}

  /** Opens a notebook and waits until its kernel answers: the idle sign in the toolbar comes too early. */
  static async open(browser: Browser, url: string, notebook: string): Promise<NotebookPage> {
    const { origin, host, searchParams } = new URL(url)
    const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } })
    page.setDefaultTimeout(patience)
    const opened = new NotebookPage(page)
    page.on('pageerror', (error) => opened.errors.push(error.message))
    page.on('request', (request) => {
      const to = new URL(request.url())
      if (/^(http|ws)/.test(to.protocol) && to.host !== host) opened.outside.push(to.href)
    })
    await page.goto(`${origin}/lab/tree/${notebook}?token=${searchParams.get('token')}&reset`)
    await page.waitForSelector('.jp-Notebook .jp-Cell')
    await page.evaluate(async () => {
      const { jupyterapp } = globalThis
      await jupyterapp.restored
      const { sessionContext } = jupyterapp.shell.currentWidget
      await sessionContext.ready
      await sessionContext.session?.kernel?.info
    })
    return opened
  }

  /** Whether JupyterLab would ask to save when the tab is closed. */
  isDirty(): Promise<boolean> {
    return this.page.evaluate(() => globalThis.jupyterapp.shell.currentWidget.context.model.dirty)
  }

  isIdle(): Promise<boolean> {
    return this.page.evaluate(
      () =>
        globalThis.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle',
    )
  }

  async runAll(): Promise<void> {
    await this.page.locator('.lm-MenuBar-itemLabel', { hasText: /^Run$/ }).click()
    await this.page.locator('.lm-Menu-itemLabel', { hasText: /^Run All Cells$/ }).click()
  }

  /** Waits until every code cell has run; a stop on the way (an error that is not meant) is named. */
  async allRan(timeout: number): Promise<Cell[]> {
    const end = Date.now() + timeout
    for (;;) {
      const cells = await this.cells()
      // The count is there when a cell begins: the last one may still run.
      const begun = cells.every((cell) => cell.executionCount !== null)
      if (begun && (await this.isIdle())) return this.cells()
      const error = cells
        .filter(({ tags }) => !tags.includes('raises-exception'))
        .flatMap((cell) => cell.outputs)
        .find((o) => o.output_type === 'error')
      if (error || Date.now() > end)
        throw new Error(`not every cell ran: ${JSON.stringify({ error, cells }, null, 1)}`)
      await this.page.waitForTimeout(100)
    }
  }

  /** The code cells in order. */
  async cells(): Promise<Cell[]> {
    const all = await this.page.evaluate(() =>
      globalThis.jupyterapp.shell.currentWidget.content.widgets
        .filter(({ model }) => model.type === 'code')
        .map(({ model }) => model.sharedModel.toJSON() as Record<string, unknown>),
    )
    return all.map((cell) => ({
      source: String(cell.source),
      executionCount: cell.execution_count as number | null,
      tags: (cell.metadata as { tags?: string[] }).tags ?? [],
      outputs: cell.outputs as Cell['outputs'],
    }))
  }

  /** The code cell whose text holds `part`, scrolled into view. */
  async show(part: string): Promise<Locator> {
    const position = await this.page.evaluate(async (wanted) => {
      const { content } = globalThis.jupyterapp.shell.currentWidget
      const index = content.widgets.findIndex(
        ({ model }) =>
          model.type === 'code' &&
          String((model.sharedModel.toJSON() as { source: string }).source).includes(wanted),
      )
      if (index < 0) throw new Error(`no code cell holds ${wanted}`)
      await content.scrollToItem(index, 'start')
      return index
    }, part)
    return this.page.locator(`.jp-CodeCell[data-windowed-list-index="${position}"]`)
  }

  /** Replaces text in a cell as a person would: click, walk there with the arrow keys, delete, type. */
  async replace(cell: Locator, old: string, replacement: string): Promise<void> {
    const lines = await cell.locator('.cm-line').allTextContents()
    const line = lines.findIndex((text) => text.includes(old))
    if (line < 0) throw new Error(`no line of the cell holds ${old}`)
    const { keyboard } = this.page
    await cell.locator('.cm-line').nth(line).click()
    await keyboard.press('Home')
    const column = lines[line]!.indexOf(old) + old.length
    for (let k = 0; k < column; k++) await keyboard.press('ArrowRight')
    for (let k = 0; k < old.length; k++) await keyboard.press('Backspace')
    await keyboard.type(replacement)
    expect(await cell.locator('.cm-line').nth(line).textContent()).toContain(replacement)
  }

  /** Saves what the window shows to artifacts/, which git ignores. */
  async picture(name: string): Promise<void> {
    mkdirSync(join(packageRoot, 'artifacts'), { recursive: true })
    await this.page.screenshot({ path: join(packageRoot, 'artifacts', `${name}.png`) })
  }
}
