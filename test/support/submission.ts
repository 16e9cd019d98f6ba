import type { INotebookContent } from '@jupyterlab/nbformat'
import type { NbgraderMetadata } from '../../classroom/notebook/index.js'
import { findLessons, lessonNotebook } from '../../classroom/notebook/index.js'
import { packageRoot } from '../../cli/root.js'
import type { LessonEntry } from '../../lessons/manifest.js'

export interface Handed {
  /** Exercise id → what stands in its answer cell; the course's solution where none is given. */
  answers?: Record<string, string>
  /** Code cells before the exercises and after them. */
  before?: string[]
  after?: string[]
  /** Changes the notebook at the end. */
  change?(notebook: INotebookContent): void
}

/** What a learner could hand in: the lesson's imports, exercises and checks, without its text. */
export function submission(lesson: string, handed: Handed = {}): INotebookContent {
  const { answers = {}, before = [], after = [], change } = handed
  const [entry] = findLessons([lesson]) as [LessonEntry]
  const notebook = lessonNotebook(packageRoot, entry, { solution: true })
  const [imports] = notebook.cells.filter(({ cell_type }) => cell_type === 'code')
  const marked = notebook.cells.filter(({ metadata }) => metadata.nbgrader)
  for (const cell of marked) {
    const { grade_id, solution } = cell.metadata.nbgrader as NbgraderMetadata
    if (solution) cell.source = answers[grade_id.replace(/-answer$/, '')] ?? cell.source
  }
  const code = (source: string, k: number) => ({
    cell_type: 'code' as const,
    id: `own-${k}`,
    metadata: {},
    source,
    outputs: [],
    execution_count: null,
  })
  const cells = [
    imports!,
    ...before.map(code),
    ...marked,
    ...after.map((source, k) => code(source, before.length + k)),
  ]
  const made = { ...notebook, cells }
  change?.(made)
  return made
}
