import { randomUUID } from 'node:crypto'
import { appendFileSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { makeFolder } from '../make-folder.js'

/** A cell; `output` is its result as text, if it had one. */
export interface StoredCell {
  line: number
  input: string
  output?: string
}

/** One line of the file: a cell, the result of one above, or how many sessions were dropped from the top of the file. */
type Line =
  | ({ id: string } & StoredCell)
  | { id: string; line: number; output: string }
  | { dropped: number }

export interface Session {
  id: string
  cells: StoredCell[]
}

/** Bytes at which the older half of the file is dropped. */
const limit = 4 << 20
/** A larger cell (pasted data) is not worth its place. */
const longest = 64 << 10

/**
 * The cells of all sessions of this user, one JSON line each. A line begins with its newline, so that one that was cut
 * short (disk full, machine off) spoils no other. Several kernels append at once; a session's number is the place of its first line.
 */
export class HistoryFile {
  readonly id: string = randomUUID()
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  append(line: number, input: string): void {
    if (input.length <= longest) this.#write({ id: this.id, line, input })
  }

  appendResult(line: number, output: string): void {
    this.#write({ id: this.id, line, output })
  }

  #write(line: Line): void {
    try {
      makeFolder(dirname(this.#path), 0o700)
      appendFileSync(this.#path, `\n${JSON.stringify(line)}`, { mode: 0o600 })
      if (statSync(this.#path).size > limit) this.#trim()
    } catch {
      // A home that cannot be written: this session still has its own cells.
    }
  }

  /** Sessions in the order of their first lines, and how many came before them. */
  read(): { dropped: number; sessions: Session[] } {
    const sessions = new Map<string, Session>()
    let dropped = 0
    for (const entry of lines(this.#path)) {
      if ('dropped' in entry) {
        dropped = entry.dropped
        continue
      }
      const { id, ...cell } = entry
      const session = sessions.get(id) ?? { id, cells: [] }
      if ('input' in cell) {
        sessions.set(id, session)
        session.cells.push(cell)
        continue
      }
      const told = session.cells.findLast(({ line }) => line === cell.line)
      if (told) told.output = cell.output
    }
    return { dropped, sessions: [...sessions.values()] }
  }

  /** Drops sessions from the top, and of the newest what is too much. A cell that another kernel stores in this very moment may be lost. */
  #trim(): void {
    const { dropped, sessions } = this.read()
    const kept: Session[] = []
    let size = 0
    for (const session of sessions.toReversed()) {
      const cells: StoredCell[] = []
      for (const cell of session.cells.toReversed()) {
        size += Buffer.byteLength(JSON.stringify({ id: session.id, ...cell }))
        if (size > limit / 2) break
        cells.unshift(cell)
      }
      const whole = cells.length === session.cells.length
      if (whole || kept.length === 0) kept.unshift({ ...session, cells })
      if (!whole) break
    }
    const head: Line = { dropped: dropped + sessions.length - kept.length }
    const body = kept.flatMap(({ id, cells }) => cells.map((cell): Line => ({ id, ...cell })))
    const fresh = `${this.#path}-${this.id}`
    try {
      const text = [head, ...body].map((line) => `\n${JSON.stringify(line)}`).join('')
      writeFileSync(fresh, text, { mode: 0o600 })
      renameSync(fresh, this.#path)
    } finally {
      rmSync(fresh, { force: true })
    }
  }
}

function* lines(path: string): Generator<Line> {
  let text = ''
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return
  }
  for (const line of text.split('\n')) {
    let value: Partial<{ id: string; dropped: number } & StoredCell> | null
    try {
      value = JSON.parse(line)
    } catch {
      continue
    }
    if (typeof value !== 'object' || value === null) continue
    const { id, line: number, input, output, dropped } = value
    if (Number.isInteger(dropped)) yield { dropped: dropped! }
    if (typeof id !== 'string' || number === undefined || !Number.isInteger(number)) continue
    const told = typeof output === 'string' ? { output } : undefined
    if (typeof input === 'string') yield { id, line: number, input, ...told }
    else if (told) yield { id, line: number, ...told }
  }
}

/** Where DOWNHILL_HISTORY says; `off` is nowhere. By default in this user's data folder. Spec: XDG base directories. */
export function historyPath(): string | undefined {
  const { DOWNHILL_HISTORY, XDG_DATA_HOME, LOCALAPPDATA } = process.env
  if (DOWNHILL_HISTORY === 'off') return undefined
  if (DOWNHILL_HISTORY) return DOWNHILL_HISTORY
  const data =
    process.platform === 'darwin'
      ? join(homedir(), 'Library', 'Application Support')
      : process.platform === 'win32'
        ? (LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'))
        : XDG_DATA_HOME || join(homedir(), '.local', 'share')
  return join(data, 'downhill', 'history.jsonl')
}
