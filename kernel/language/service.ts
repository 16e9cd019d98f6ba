/** A place in a cell: 0-based line, 0-based UTF-16 column. */
export interface Place {
  line: number
  column: number
}

export interface Diagnostic {
  severity: 'error' | 'warning'
  /** TypeScript's number, 0 where there is none. */
  code: number
  message: string
  start: Place
  end: Place
}

export interface CompletionItem {
  label: string
  /** The text to put between `start` and `end` of the answer. */
  insert: string
  /** "function", "property", "keyword" …: Jupyter's `_jupyter_types_experimental`. */
  kind: string
  detail?: string
  documentation?: string
}

export interface Completions {
  items: CompletionItem[]
  /** UTF-16 offsets in the code that the item replaces. */
  start: number
  end: number
}

export interface Hover {
  /** TypeScript's signature line(s). */
  signature: string
  /** Markdown. */
  documentation: string
}

export type Completeness =
  | { status: 'complete' }
  | { status: 'incomplete'; indent: string }
  | { status: 'invalid' }

export interface CheckResult {
  diagnostics: Diagnostic[]
  /** Why the cell was not checked, in one line. The kernel shows it and runs the cell. */
  note?: string
}

/**
 * What the kernel asks of a language server. Offsets are UTF-16; `offsets.ts` converts Jupyter's code points.
 * No method throws or rejects for bad code, a crashed or a hanging server; none waits longer than its patience.
 * `completeness.ts` answers is_complete without a server.
 */
export interface LanguageService {
  /** Starts the server now, so that the first question need not wait for it. */
  start(): void
  /** Types of a cell before it runs. */
  check(code: string): Promise<CheckResult>
  /** The cell runs: from now on its names are visible to others. */
  commit(code: string): void
  /** Undefined if the server has no answer, which is not the same as an answer without items. */
  complete(code: string, offset: number): Promise<Completions | undefined>
  hover(code: string, offset: number): Promise<Hover | undefined>
  /** Forgets every cell (restart of the evaluator). */
  reset(): void
  dispose(): void
}
