import { HistoryFile, type StoredCell } from './history-file.js'
import type { Handler } from './types.js'

export interface Entry extends StoredCell {
  session: number
}

/** Characters of a result that are kept. */
const longest = 4096

/** The cells of this session, and of those before it where there is a file. */
export class History {
  readonly #cells: StoredCell[] = []
  readonly #file: HistoryFile | undefined

  constructor(path?: string) {
    this.#file = path === undefined ? undefined : new HistoryFile(path)
  }

  add(line: number, input: string): void {
    this.#cells.push({ line, input })
    this.#file?.append(line, input)
  }

  /** The result of the newest cell with that number, as text. */
  result(line: number, text: string): void {
    const cell = this.#cells.findLast((cell) => cell.line === line)
    if (!cell) return
    cell.output = text.length > longest ? `${text.slice(0, longest - 1)}…` : text
    this.#file?.appendResult(line, cell.output)
  }

  tail(n: number): Entry[] {
    return n > 0 ? this.#all().entries.slice(-n) : []
  }

  /**
   * Session 0 is the current one, -1 the one before. Lines from `start` to before `stop`; negative ones count from the end
   * of the session, and without a `stop` (or 0) it is everything from `start` on, all as in IPython.
   */
  range(session: number, start: number, stop: number | null): Entry[] {
    const { current, entries } = this.#all()
    const wanted = session > 0 ? session : current + session
    const found = entries.filter((entry) => entry.session === wanted)
    const end = Math.max(0, ...found.map(({ line }) => line)) + 1
    const from = start < 0 ? start + end : start
    const to = !stop ? end : stop < 0 ? stop + end : stop
    return found.filter(({ line }) => line >= from && line < to)
  }

  /** Glob pattern, as in SQLite: `*` any text, `?` one character, `[a-z]`, `[^a-z]`. Of equal cells, `unique` keeps the newest. */
  search(pattern: string, n: number, unique: boolean): Entry[] {
    const matcher = glob(pattern)
    let found = this.#all().entries.filter(({ input }) => matcher.test(input))
    if (unique) {
      const newest = new Map(found.map((entry) => [entry.input, entry]))
      found = found.filter((entry) => newest.get(entry.input) === entry)
    }
    return n > 0 ? found.slice(-n) : found
  }

  /** Our own cells come from memory: the file may be full, or not ours to write. */
  #all(): { current: number; entries: Entry[] } {
    const { dropped, sessions } = this.#file?.read() ?? { dropped: 0, sessions: [] }
    const place = sessions.findIndex(({ id }) => id === this.#file?.id)
    const own = { id: '', cells: this.#cells }
    const all = place < 0 ? [...sessions, own] : sessions.with(place, own)
    return {
      current: dropped + (place < 0 ? all.length : place + 1),
      entries: all.flatMap(({ cells }, index) =>
        cells.map((cell) => ({ session: dropped + index + 1, ...cell })),
      ),
    }
  }
}

function glob(pattern: string): RegExp {
  const source = pattern.replace(
    /\[(\^?)(\]?[^\]]+)\]|[*?]|[.+^${}()|[\]\\]/g,
    (part, not: string | undefined, set: string | undefined) => {
      if (set !== undefined) return `[${not}${set.replace(/[\\\]]/g, '\\$&')}]`
      return part === '*' ? '.*' : part === '?' ? '.' : `\\${part}`
    },
  )
  try {
    return new RegExp(`^${source}$`, 's')
  } catch {
    return /(?!)/ // `[z-a]` is no character
  }
}

interface HistoryRequest {
  output?: boolean
  hist_access_type?: 'tail' | 'range' | 'search'
  session?: number
  start?: number
  stop?: number | null
  n?: number
  pattern?: string
  unique?: boolean
}

/** Earlier input, for a console's arrow keys, and what it gave. Spec: messaging.html#history */
export const historyHandler: Handler<HistoryRequest, object> = {
  request: 'history_request',
  reply: 'history_reply',
  handle(content, { history }) {
    const found = select(content, history)
    return {
      status: 'ok',
      history: found.map(({ session, line, input, output = null }) => [
        session,
        line,
        content.output ? [input, output] : input,
      ]),
    }
  },
}

function select(content: HistoryRequest, history: History): Entry[] {
  switch (content.hist_access_type) {
    case 'range':
      return history.range(content.session ?? 0, content.start ?? 0, content.stop ?? null)
    case 'search':
      return history.search(content.pattern ?? '*', content.n ?? 0, content.unique ?? false)
    default:
      return history.tail(content.n ?? 10)
  }
}
