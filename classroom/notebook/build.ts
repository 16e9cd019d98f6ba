import type { ICell, INotebookContent, IOutput } from '@jupyterlab/nbformat'
import { kernelName, kernelTitle } from '../../kernel/install/spec.js'
import { languageInfo } from '../../kernel/messages/kernel-info.js'
import type { LessonEntry } from '../../lessons/manifest.js'
import { UserError } from '../../src/host/user-error.js'
import type { Lesson, LessonCell } from './lesson.js'
import { answerMetadata, checkMetadata } from './nbgrader.js'
import { splitSolution } from './stub.js'

export interface BuildOptions {
  /** True: with the solutions, for `downhill lessons check`. False: what learners get, with nbgrader's checksums. */
  solution: boolean
}

type Frame = Pick<LessonEntry, 'title' | 'exercises'>

/**
 * A lesson as a notebook (nbformat 4.5). The same lesson always gives the same notebook: cell ids come from the names in the
 * source or the cell's position, and nothing has a date.
 * @throws UserError when the lesson and its manifest entry disagree
 */
export function buildNotebook(
  lesson: Lesson,
  entry: Frame,
  { solution }: BuildOptions,
): INotebookContent {
  checkExercises(lesson, entry)
  const cells = lesson.cells.map((cell, index) => buildCell(cell, index, lesson, entry, solution))
  const ids = cells.map((cell) => cell.id)
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  if (twice !== undefined) throw new UserError(`${lesson.name}: two cells are called "${twice}"`)
  return {
    cells,
    metadata: {
      kernelspec: {
        display_name: kernelTitle,
        language: 'typescript',
        name: kernelName,
      },
      // The kernel's own, whole: JupyterLab would add what is missing and call the notebook unsaved.
      language_info: languageInfo(),
      title: entry.title,
    },
    nbformat: 4,
    nbformat_minor: 5,
  }
}

function buildCell(
  { kind, id, source, line, tags }: LessonCell,
  index: number,
  lesson: Lesson,
  entry: Frame,
  solution: boolean,
): ICell {
  const position = `cell-${String(index + 1).padStart(2, '0')}`
  if (kind === 'markdown') {
    return { cell_type: 'markdown', id: id ?? position, metadata: {}, source }
  }
  const code: { cell_type: 'code'; execution_count: null; outputs: IOutput[] } = {
    cell_type: 'code',
    execution_count: null,
    outputs: [],
  }
  if (kind === 'code') {
    const metadata = tags.length > 0 ? { tags: [...tags] } : {}
    return { ...code, id: id ?? position, metadata, source }
  }
  if (kind === 'exercise') {
    const marked = splitSolution(source, `${lesson.name}, line ${line}, exercise "${id}"`)
    const text = solution ? marked.solution : marked.stub
    const name = `${id}-answer`
    const nbgrader = answerMetadata(name, { source: text, cellType: 'code' })
    return { ...code, id: name, metadata: { deletable: false, nbgrader }, source: text }
  }
  const points = entry.exercises.find((exercise) => exercise.id === id)!.visible
  const nbgrader = checkMetadata(id!, points, { source, cellType: 'code' })
  return { ...code, id: id!, metadata: { deletable: false, editable: false, nbgrader }, source }
}

/** Each exercise of the manifest has one answer cell, with a solution in it, and after it one check cell; and no others exist. */
function checkExercises({ name, cells }: Lesson, { exercises }: Frame): void {
  for (const { id } of exercises) {
    const places = (kind: LessonCell['kind']): number[] =>
      cells.flatMap((cell, i) => (cell.kind === kind && cell.id === id ? [i] : []))
    const [answers, checks] = [places('exercise'), places('check')]
    if (answers.length !== 1 || checks.length !== 1 || answers[0]! > checks[0]!) {
      const found = `${answers.length} and ${checks.length}`
      throw new UserError(
        `${name}: exercise "${id}" needs one cell "// %% exercise=${id}" and after it one "// %% check=${id}"; got ${found}`,
      )
    }
    const cell = cells[answers[0]!]!
    if (splitSolution(cell.source, `${name}, line ${cell.line}`).count === 0) {
      throw new UserError(`${name}, line ${cell.line}: exercise "${id}" has no // BEGIN SOLUTION`)
    }
  }
  const known = new Set(exercises.map((exercise) => exercise.id))
  for (const { kind, id, line } of cells) {
    if ((kind === 'exercise' || kind === 'check') && !known.has(id ?? '')) {
      throw new UserError(`${name}, line ${line}: exercise "${id}" is not in lessons/manifest.ts`)
    }
  }
}
