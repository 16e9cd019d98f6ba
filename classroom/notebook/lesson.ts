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
  /** As Jupyter knows them: `raises-exception`, `skip-execution`. */
  tags: readonly string[]
}

/** What a marker says. Of a commented cell each line begins with "//", which is taken away. */
interface Marker extends Omit<LessonCell, 'source'> {
  commented: boolean
}

export interface Lesson {
  /** For messages: "lesson 01". */
  name: string
  cells: readonly LessonCell[]
}

const marker = /^\/\/ %%(?:\s+(.*?))?\s*$/

/**
 * Reads a lesson in jupytext's percent format: one TypeScript file, whose cells begin with
 * `// %%`, `// %% [markdown]`, `// %% exercise=NAME`, `// %% check=NAME`; `id=NAME` names any other cell, `tag=NAME` tags it.
 * `// %% [verbatim]` is code that the file itself cannot hold, such as a magic: it is commented, as Markdown is.
 * @throws UserError naming the line
 */
export function parseLesson(text: string, name = 'lesson'): Lesson {
  const cells: LessonCell[] = []
  let lines: string[] = []
  let open: Marker | undefined
  const close = (): void => {
    if (open) {
      const { commented, ...cell } = open
      cells.push({ ...cell, source: sourceOf(open, lines, name) })
    } else refuseCode(lines, name)
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

function parseMarker(words: string, where: string): Omit<Marker, 'line'> {
  let kind: CellKind = 'code'
  let id: string | undefined
  let verbatim = false
  const tags: string[] = []
  for (const word of words.split(/\s+/).filter(Boolean)) {
    const option = /^(exercise|check|id|tag)=([A-Za-z0-9-]+)$/.exec(word)
    if (word === '[markdown]') kind = 'markdown'
    else if (word === '[verbatim]') verbatim = true
    else if (option?.[1] === 'tag') tags.push(option[2]!)
    else if (option) {
      id = option[2]!
      if (option[1] !== 'id') kind = option[1] as CellKind
    } else {
      const known = '[markdown], [verbatim], exercise=NAME, check=NAME, id=NAME, tag=NAME'
      throw new UserError(`${where}: a cell marker takes ${known}; got "${word}"`)
    }
  }
  return { kind, id, tags, commented: verbatim || kind === 'markdown' }
}

function sourceOf(
  { commented, line }: Pick<Marker, 'commented' | 'line'>,
  lines: readonly string[],
  name: string,
): string {
  const body = commented
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
    throw new UserError(
      `${where}: each line of a markdown or verbatim cell begins with "//"; got "${line}"`,
    )
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
