import { UserError } from '../../src/host/user-error.js'

export type CellKind = 'markdown' | 'code' | 'exercise' | 'check'

/** One cell of a lesson's source. */
export interface LessonCell {
  kind: CellKind
  /** `exercise=adam-step`, `check=adam-step`, or the cell's own `id=trace`; undefined for a cell without a name. */
  id: string | undefined
  /** Markdown without its comment signs, or TypeScript as it stands, solutions included. */
  source: string
  /** 1-based line of the marker, for messages. */
  line: number
}

export interface Lesson {
  /** For messages: "lesson 01". */
  name: string
  cells: readonly LessonCell[]
}

const marker = /^\/\/ %%(?:\s+(.*?))?\s*$/

/**
 * Reads a lesson in jupytext's percent format: one TypeScript file, whose cells begin with
 * `// %%`, `// %% [markdown]`, `// %% exercise=NAME`, `// %% check=NAME`; `id=NAME` names any other cell.
 * @throws UserError naming the line
 */
export function parseLesson(text: string, name = 'lesson'): Lesson {
  const cells: LessonCell[] = []
  let lines: string[] = []
  let open: Omit<LessonCell, 'source'> | undefined
  const close = (): void => {
    if (open) cells.push({ ...open, source: sourceOf(open, lines, name) })
    else refuseCode(lines, name)
    lines = []
  }
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const found = marker.exec(line)
    if (!found) {
      lines.push(line)
      continue
    }
    close()
    open = { ...parseMarker(found[1] ?? '', `${name}, line ${index + 1}`), line: index + 1 }
  }
  close()
  if (cells.length === 0) throw new UserError(`${name}: no cells; a cell begins with "// %%"`)
  return { name, cells }
}

function parseMarker(words: string, where: string): Pick<LessonCell, 'kind' | 'id'> {
  let kind: CellKind = 'code'
  let id: string | undefined
  for (const word of words.split(/\s+/).filter(Boolean)) {
    const option = /^(exercise|check|id)=([A-Za-z0-9-]+)$/.exec(word)
    if (word === '[markdown]') kind = 'markdown'
    else if (option) {
      id = option[2]!
      if (option[1] !== 'id') kind = option[1] as CellKind
    } else {
      const known = '[markdown], exercise=NAME, check=NAME, id=NAME'
      throw new UserError(`${where}: a cell marker takes ${known}; got "${word}"`)
    }
  }
  return { kind, id }
}

function sourceOf(
  { kind, line }: Pick<LessonCell, 'kind' | 'line'>,
  lines: readonly string[],
  name: string,
): string {
  const body =
    kind === 'markdown'
      ? lines.map((text, i) => uncomment(text, `${name}, line ${line + 1 + i}`))
      : lines
  return body
    .join('\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd()
}

function uncomment(line: string, where: string): string {
  if (line.trim() === '') return ''
  const found = /^\/\/ ?(.*)$/.exec(line)
  if (!found)
    throw new UserError(`${where}: each line of a markdown cell begins with "//"; got "${line}"`)
  return found[1]!.trimEnd()
}

/** Before the first cell there may be comments: they belong to the file, not to the notebook. */
function refuseCode(lines: readonly string[], name: string): void {
  const at = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('//'))
  if (at >= 0)
    throw new UserError(
      `${name}, line ${at + 1}: code before the first cell; begin it with "// %%"`,
    )
}
