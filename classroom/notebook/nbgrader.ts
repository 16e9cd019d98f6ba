import { createHash } from 'node:crypto'

/** nbgrader's cell metadata, schema version 3 (nbgrader/nbgraderformat/v3.py; no other field is allowed). */
export type NbgraderMetadata = {
  schema_version: 3
  /** Unique in the notebook; letters, digits, "-" and "_". */
  grade_id: string
  grade: boolean
  solution: boolean
  locked: boolean
  task: false
  /** Only, and always, with `grade`. */
  points?: number
  /** Student version only: to notice a changed cell. */
  checksum?: string
  cell_type?: string
}

interface GradedCell {
  source: string
  cellType: 'code' | 'markdown'
}

/** The cell that holds the learner's answer. nbgrader sees by the checksum whether it is still untouched. */
export function answerMetadata(gradeId: string, cell: GradedCell): NbgraderMetadata {
  return seal({ grade_id: gradeId, grade: false, solution: true, locked: false }, cell)
}

/** The cell whose result is the points. Locked: nbgrader puts the original back before it grades. */
export function checkMetadata(gradeId: string, points: number, cell: GradedCell): NbgraderMetadata {
  return seal({ grade_id: gradeId, grade: true, solution: false, locked: true, points }, cell)
}

type Open = Omit<NbgraderMetadata, 'schema_version' | 'task' | 'checksum' | 'cell_type'>

function seal(open: Open, cell: GradedCell): NbgraderMetadata {
  const checksum = computeChecksum(cell, open)
  return { ...open, checksum, cell_type: cell.cellType, schema_version: 3, task: false }
}

/** nbgrader/utils.py, compute_checksum: MD5 over the source, the type, the flags as Python prints them, id and points. */
export function computeChecksum(
  { source, cellType }: GradedCell,
  { grade, solution, locked, grade_id, points }: Open,
): string {
  const flag = (value: boolean): string => (value ? 'True' : 'False')
  const hash = createHash('md5').update(source).update(cellType)
  hash.update(flag(grade)).update(flag(solution)).update(flag(locked)).update(grade_id)
  if (grade) hash.update(pythonFloat(points ?? 0))
  return hash.digest('hex')
}

/** `str(float(x))` for the points that lessons give: 4 → "4.0", 0.5 → "0.5". */
const pythonFloat = (x: number): string => (Number.isInteger(x) ? `${x}.0` : String(x))
