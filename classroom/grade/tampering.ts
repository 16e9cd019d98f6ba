import type { ICell, INotebookContent } from '@jupyterlab/nbformat'
import { isCode, sourceOf } from '../client/notebook.js'
import { computeChecksum, type NbgraderMetadata } from '../notebook/index.js'
import type { LearnerCell } from './learner.js'

const metadataOf = (cell: ICell): Partial<NbgraderMetadata> =>
  (cell.metadata?.nbgrader ?? {}) as Partial<NbgraderMetadata>

/** Which exercises and checks a notebook holds, as far as its own metadata tell. */
export const idsIn = ({ cells }: INotebookContent): string[] =>
  cells.flatMap((cell) => metadataOf(cell).grade_id ?? [])

/**
 * What the learner did to locked cells: their marks do not depend on these, but a teacher may want to know.
 * The original's checksum counts, not the one in the submission.
 */
export function findTampering(submission: INotebookContent, original: INotebookContent): string[] {
  const known = new Set(idsIn(original))
  const own = idsIn(submission)
  if (own.length > 0 && !own.some((id) => known.has(id)))
    return ['it holds other exercises than this lesson: is it the notebook of another one?']
  return original.cells.flatMap((cell) => {
    const expected = metadataOf(cell) as NbgraderMetadata
    if (!expected.locked) return []
    const name = `check "${expected.grade_id}"`
    const found = submission.cells.find((other) => metadataOf(other).grade_id === expected.grade_id)
    if (!found) return [`${name} was deleted`]
    const checksum = computeChecksum({ source: sourceOf(found), cellType: 'code' }, expected)
    return checksum === expected.checksum ? [] : [`${name} was changed`]
  })
}

/** The cells to run: the learner's code, without the check cells, which the grader does not need. */
export function learnerCells(submission: INotebookContent): LearnerCell[] {
  return submission.cells.flatMap((cell, k) => {
    const source = sourceOf(cell)
    const runs = isCode(cell) && metadataOf(cell).grade !== true && source.trim() !== ''
    return runs ? [{ cell: k + 1, source, exercise: metadataOf(cell).solution === true }] : []
  })
}
