import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IDisplayData, IError, IOutput, IStream } from '@jupyterlab/nbformat'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHost } from '../../classroom/client/host.js'
import { runNotebook } from '../../classroom/client/notebook.js'
import { figureFindings, figuresIn } from '../../classroom/gate/figures.js'
import { writeSheet } from '../../classroom/gate/sheet.js'
import { findNotebooks, lessonNotebook, notebookText } from '../../classroom/notebook/index.js'
import { packageRoot } from '../../cli/root.js'
import { kernelName } from '../../kernel/install/spec.js'
import { testWith } from './need.js'
import { expectReadable } from './pictures.js'

/**
 * Runs a guide of the manifest ("tour") in our kernel, in an empty folder, before the tests of the file that calls this;
 * and tests what holds for every guide, which is what `downhill lessons check` asks of one, and that its figures can be read.
 */
export function useGuide(id: string) {
  const [entry] = findNotebooks([id])
  const notebook = lessonNotebook(packageRoot, entry!, { solution: false })
  const folder = mkdtempSync(join(tmpdir(), `downhill-${id}-`))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  beforeAll(async () => {
    const host = await openHost()
    try {
      const session = await host.start({ kernel: kernelName, cwd: folder })
      const { failure } = await runNotebook(session, notebook, { timeout: 120_000 })
      expect(failure).toBeUndefined()
      await session.shutdown()
    } finally {
      await host.dispose()
    }
  }, 300_000)

  test('the committed notebook is what its source builds, byte for byte', () => {
    const committed = join(packageRoot, 'notebooks', `${entry!.folder}.ipynb`)
    const built = lessonNotebook(packageRoot, entry!, { solution: false })
    expect(readFileSync(committed, 'utf8')).toBe(notebookText(built))
  })

  test('every cell of code has run, in order', () => {
    const counts = notebook.cells
      .filter(({ cell_type }) => cell_type === 'code')
      .map(({ execution_count }) => execution_count)
    expect(counts).toEqual(counts.map((_, at) => at + 1))
  })

  test('no figure lacks a title, draws nothing, or is hard to see', () => {
    expect(figuresIn(notebook).flatMap((shown) => figureFindings(shown).problems)).toEqual([])
  })

  testWith(
    ['chromium'],
    'every figure can be read, in light, in dark and in grey',
    async () => {
      const figures = figuresIn(notebook)
      if (figures.length === 0) return
      const sheet = mkdtempSync(join(tmpdir(), `downhill-${id}-sheet-`))
      try {
        await writeSheet(sheet, [{ entry: entry!, figures }])
        expect(await expectReadable(sheet)).toBe(figures.length)
      } finally {
        rmSync(sheet, { recursive: true, force: true })
      }
    },
    120_000,
  )

  const outputsOf = (id: string): IOutput[] =>
    notebook.cells.find((cell) => cell.id === id)!.outputs as IOutput[]
  /** What a cell shows, MIME type → content, in order; printed text and errors under names of their own. */
  const shownBy = (id: string): Record<string, unknown>[] =>
    outputsOf(id).map((output) => {
      if (output.output_type === 'stream') {
        const { name, text } = output as IStream
        return { [name]: String(text) }
      }
      if (output.output_type === 'error') {
        const { ename, traceback } = output as IError
        return { ename, traceback: traceback.join('\n') }
      }
      return (output as IDisplayData).data as Record<string, unknown>
    })
  return { notebook, folder, outputsOf, shownBy }
}
