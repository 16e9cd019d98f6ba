import type { Handler } from './types.js'

export interface Entry {
  session: number
  line: number
  input: string
}

/** The cells of this session. */
export class History {
  readonly session = 1
  readonly #entries: Entry[] = []

  add(line: number, input: string): void {
    this.#entries.push({ session: this.session, line, input })
  }

  tail(n: number): Entry[] {
    return n > 0 ? this.#entries.slice(-n) : []
  }

  /** Session 0 is the current one, -1 the one before; `stop` is not included. */
  range(session: number, start: number, stop: number | null): Entry[] {
    if (session !== 0 && session !== this.session) return []
    return this.#entries.filter(({ line }) => line >= start && (stop === null || line < stop))
  }

  /** Glob pattern: `*` any text, `?` one character. */
  search(pattern: string, n: number, unique: boolean): Entry[] {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')
    const matcher = new RegExp(`^${source}$`, 's')
    let found = this.#entries.filter(({ input }) => matcher.test(input))
    if (unique) found = [...new Map(found.map((entry) => [entry.input, entry])).values()]
    return n > 0 ? found.slice(-n) : found
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

/** Earlier input, for a console's arrow keys. Spec: messaging.html#history */
export const historyHandler: Handler<HistoryRequest, object> = {
  request: 'history_request',
  reply: 'history_reply',
  handle(content, { history }) {
    const found = select(content, history)
    return {
      status: 'ok',
      history: found.map(({ session, line, input }) => [
        session,
        line,
        content.output ? [input, null] : input,
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
