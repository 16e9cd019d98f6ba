// What every cell has without an import. A name that a cell declares itself takes the place of one of these.

/** What a notebook shows for one value: MIME type → content. */
type MimeBundle = Record<string, unknown>

/** Something shown, to be replaced later. */
interface DisplayHandle {
  /** Jupyter's display_id. */
  readonly id: string
  /** Shows another value in the same place. */
  update(value: unknown, options?: { raw?: boolean }): void
}

/**
 * Shows a value below the cell, in order with printed text. A value shows itself through
 * `[Symbol.for('Jupyter.display')]()`, which returns a MIME bundle or a promise of one, else through `toHTML()`, else as
 * Node's inspector writes it.
 * @example const shown = display('0 %'); shown.update('100 %')
 * @example display({ 'text/html': '<b>bold</b>', 'text/plain': 'bold' }, { raw: true })
 */
declare const display: {
  (
    value: unknown,
    options?: {
      /** Names the place, for messages of other kernels' clients; made up by default. */
      id?: string
      /** The value is a MIME bundle already. */
      raw?: boolean
    },
  ): DisplayHandle
  /** Shows HTML. Scripts in it run only in a trusted notebook. */
  html(source: string): DisplayHandle
  /** Shows Markdown, formulas between dollar signs included. */
  markdown(source: string): DisplayHandle
  /** Shows an SVG drawing: `<svg xmlns="http://www.w3.org/2000/svg" …>`. */
  svg(source: string): DisplayHandle
  /** Shows a PNG picture: its bytes, or their base64. */
  png(data: Uint8Array | string): DisplayHandle
  /** Shows a formula: `display.latex('$\\frac{1}{2}$')`. */
  latex(source: string): DisplayHandle
  /** Shows JSON as a tree that folds. */
  json(value: unknown): DisplayHandle
  /** Shows plain text. */
  text(value: string): DisplayHandle
}

/** Removes what the cell has shown. With `wait`, only when the next output comes, which avoids flicker. */
declare function clearOutput(options?: { wait?: boolean }): void

/**
 * Asks for a line of text and waits for it. Throws where nobody can answer, as in a notebook that is run from the command
 * line.
 * @example const name = input('Your name? ')
 */
declare function input(
  prompt?: string,
  options?: {
    /** Hides what is typed. */
    password?: boolean
  },
): string

/** Asks for a line of text, as in a browser; `fallback` if nothing is typed. */
declare function prompt(message?: string, fallback?: string): string

/** Asks a question, as in a browser: true for an answer that begins with y. */
declare function confirm(message?: string): boolean
