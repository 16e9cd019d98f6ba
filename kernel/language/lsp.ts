// The parts of LSP 3.17 that we read.

/** 0-based line, UTF-16 column. */
export interface Position {
  line: number
  character: number
}

export interface Range {
  start: Position
  end: Position
}

export interface LspDiagnostic {
  range: Range
  /** 1 error, 2 warning, 3 information, 4 hint. */
  severity?: number
  code?: number | string
  message: string
}

export interface LspMarkup {
  kind: string
  value: string
}

export interface LspCompletionItem {
  label: string
  kind?: number
  detail?: string
  documentation?: string | LspMarkup
  sortText?: string
  filterText?: string
  insertText?: string
  textEdit?: { newText: string; range?: Range; insert?: Range; replace?: Range }
}

export interface LspCompletionList {
  items: LspCompletionItem[]
}

export interface LspHover {
  contents: LspMarkup
}
