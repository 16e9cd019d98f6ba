import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { NotebookPage } from './jupyterlab.js'

/** Milliseconds that anything may take on a busy machine. */
const patience = 60_000

const tree = '.jp-DebuggerVariables-body > .jp-TreeView'

async function namesAndValues(items: Locator): Promise<Record<string, string>> {
  const found = await items.evaluateAll((all) =>
    all.map((item) =>
      ['name', 'detail'].map(
        (part) => item.querySelector(`:scope > .jp-DebuggerVariables-${part}`)?.textContent ?? '',
      ),
    ),
  )
  return Object.fromEntries(found)
}

/** JupyterLab's debugger, by what a person sees of it and clicks. */
export class DebuggerPanel {
  readonly #page: Page
  readonly #notebook: NotebookPage

  constructor(notebook: NotebookPage) {
    this.#notebook = notebook
    this.#page = notebook.page
    this.#page.setDefaultTimeout(patience)
  }

  /** Presses the bug. JupyterLab asks a kernel several times whether it is debugged, and a press before the last answer can be lost. */
  async turn(to: 'on' | 'off'): Promise<void> {
    await this.#debugRequestsDone()
    const bug = this.#page.locator('.jp-DebuggerBugButton[aria-disabled="false"]')
    await bug.click()
    await this.#page.locator(`.jp-DebuggerBugButton[aria-pressed="${to === 'on'}"]`).waitFor()
    const gutters = this.#page.locator('.jp-CodeCell .cm-gutter.cm-breakpoint-gutter')
    const cells = to === 'on' ? await this.#page.locator('.jp-CodeCell').count() : 0
    await expect.poll(() => gutters.count(), { timeout: patience }).toBe(cells)
  }

  /** Resolves when no debug message has come or gone for a second, and none that we saw go waits for its answer. */
  #debugRequestsDone(): Promise<void> {
    return this.#page.evaluate(async () => {
      const { anyMessage } =
        globalThis.jupyterapp.shell.currentWidget.sessionContext.session!.kernel!
      const waiting = new Set<string>()
      let timer: ReturnType<typeof setTimeout>
      let seen: Parameters<typeof anyMessage.connect>[0]
      await new Promise<void>((resolve) => {
        const wait = () => {
          clearTimeout(timer)
          if (waiting.size === 0) timer = setTimeout(resolve, 1000)
        }
        seen = (_, { msg }) => {
          const { header, parent_header: parent } = msg
          if (!header.msg_type.startsWith('debug_')) return
          if (header.msg_type === 'debug_request') waiting.add(header.msg_id)
          if (header.msg_type === 'debug_reply') waiting.delete(parent.msg_id ?? '')
          wait()
        }
        anyMessage.connect(seen)
        wait()
      })
      anyMessage.disconnect(seen!)
    })
  }

  /**
   * Clicks into the gutter at a line, counted from 1, and waits until the red dot has come or gone. Whenever another tab
   * comes to the front, JupyterLab sets the breakpoints that it knew before once more, and a click meanwhile is undone.
   */
  async toggleBreakpoint(cell: Locator, line: number): Promise<void> {
    await this.#debugRequestsDone()
    // The first element of a gutter is invisible and has an invisible dot: it keeps the gutter as wide as a dot.
    const place = cell.locator('.cm-gutter.cm-breakpoint-gutter > .cm-gutterElement').nth(line)
    const dot = place.locator('.cm-breakpoint-icon')
    const before = await dot.count()
    await place.click()
    await expect.poll(() => dot.count(), { timeout: patience }).toBe(1 - before)
    await this.#debugRequestsDone()
  }

  /** The lines of a cell that have a red dot. */
  async breakpoints(cell: Locator): Promise<number[]> {
    const places = cell.locator('.cm-gutter.cm-breakpoint-gutter > .cm-gutterElement')
    const dots = await places.evaluateAll((all) =>
      all.map((place) => place.querySelector('.cm-breakpoint-icon') !== null),
    )
    return dots.flatMap((dot, line) => (dot && line > 0 ? [line] : []))
  }

  /** The call stack, innermost first: `norm Cell [*]:12`. */
  frames(): Promise<string[]> {
    return this.#page
      .locator('.jp-DebuggerCallstackFrame')
      .evaluateAll((frames) =>
        frames.map((frame) => [...frame.children].map((part) => part.textContent).join(' ')),
      )
  }

  /** Clicks on a frame in the call stack, by the name of its function. */
  async select(name: string): Promise<void> {
    await this.#page.locator('.jp-DebuggerCallstackFrame', { hasText: name }).click()
  }

  /** Waits for a stop with this call stack; the innermost frame's line is marked in its cell. */
  async stoppedAt(frames: string[], marked: string): Promise<void> {
    await expect.poll(() => this.frames(), { timeout: patience }).toEqual(frames)
    const lines = this.#page.locator('.jp-CodeCell .jp-DebuggerEditor-highlight')
    await expect
      .poll(async () => (await lines.allTextContents()).map((line) => line.trim()), {
        timeout: patience,
      })
      .toEqual([marked])
  }

  /** Nothing is stopped any more. */
  async ran(): Promise<void> {
    await expect.poll(() => this.frames(), { timeout: patience }).toEqual([])
    await this.#page.locator('.jp-DebuggerPausedOverlay').waitFor({ state: 'detached' })
  }

  /** Shows one of the scopes above the variables. */
  async scope(name: string): Promise<void> {
    await this.#page.locator('select[aria-label="Scope"]').selectOption(name)
  }

  /** Name → value, as the tree of variables shows them. */
  variables(): Promise<Record<string, string>> {
    return namesAndValues(this.#page.locator(`${tree} > .jp-TreeItem`))
  }

  /** Waits until the tree shows these among others. */
  async shows(variables: Record<string, unknown>): Promise<void> {
    await expect
      .poll(() => this.variables(), { timeout: patience })
      .toEqual(expect.objectContaining(variables))
  }

  /** Opens a variable in the tree: what is inside comes from the kernel. */
  async inside(name: string): Promise<Record<string, string>> {
    const label = this.#page.locator(`:scope > .jp-DebuggerVariables-name:text-is("${name}")`)
    const item = this.#page.locator(`${tree} > .jp-TreeItem`).filter({ has: label })
    await item.click()
    const items = item.locator('> .jp-TreeItem')
    await items.locator('.jp-DebuggerVariables-name').first().waitFor()
    return namesAndValues(items)
  }

  /** Presses a button above the call stack. */
  async press(command: 'continue' | 'next' | 'stepIn' | 'stepOut' | 'evaluate'): Promise<void> {
    const selector = `.jp-DebuggerSidebar jp-button[data-command="debugger:${command}"][aria-disabled="false"]`
    await this.#page.locator(selector).click()
  }

  /** Types an expression into the open debug console; the answer. */
  async evaluate(expression: string): Promise<string> {
    const console = this.#page.locator('.jp-DebugConsole')
    const answers = console.locator('.jp-OutputArea-output')
    const before = await answers.count()
    await console.locator('.jp-CodeConsole-promptCell .cm-content').click()
    await this.#page.keyboard.insertText(expression)
    await this.#page.keyboard.press('Shift+Enter')
    await expect.poll(() => answers.count(), { timeout: patience }).toBe(before + 1)
    const text = async () => (await answers.last().textContent())?.trim()
    await expect.poll(text, { timeout: patience }).not.toBe('')
    return (await text()) ?? ''
  }

  /** Runs a cell without waiting for its end. */
  async run(cell: Locator): Promise<void> {
    await cell.locator('.cm-content').click()
    await this.#page.keyboard.press('Control+Enter')
  }

  /** Waits for the result of run number `count`, which was the code cell at `index`. */
  async result(index: number, count: number): Promise<string> {
    const read = async () => {
      const { executionCount, outputs } = (await this.#notebook.cells())[index]!
      return executionCount === count ? outputs.at(-1)?.data?.['text/plain'] : undefined
    }
    await expect.poll(read, { timeout: patience }).toBeTypeOf('string')
    return String(await read())
  }
}
