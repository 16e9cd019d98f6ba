/** What a notebook shows for one value: MIME type → content. Spec: Jupyter messaging, display_data. */
export type MimeBundle = Record<string, unknown>

/** The name of the method by which a value shows itself; the one that Deno's kernel uses: `Symbol.for('Jupyter.display')`. */
export const displaySymbol: unique symbol = Symbol.for('Jupyter.display') as never

/** A value that shows itself, as a bundle or the promise of one. */
export interface Displayable {
  /** Called by whoever shows the value, each time. */
  [displaySymbol](): MimeBundle | Promise<MimeBundle>
}

/** A state that code and a page share; it shows itself. */
export interface HostWidget extends Displayable {
  /** Changes a value here and in the page. */
  set(name: string, value: unknown): void
  /** Calls `listener` with a value's new content, `change:NAME`, whoever changed it. */
  on(event: string, listener: (value: unknown) => unknown): () => void
  /** The bundle that places it in an output. */
  [displaySymbol](): MimeBundle
}

/** What the process that runs a cell offers the library. The kernel sets it; an exported page sets it too. */
export interface Host {
  /**
   * Shows a bundle at once, in order with printed text; a promised one when it is there, and before the cell ends.
   * With `id`, a later call with `update` replaces it.
   */
  display(
    bundle: MimeBundle | Promise<MimeBundle>,
    options?: { id?: string; update?: boolean },
  ): void
  /** The host's own way to show a value that does not show itself (arrays of records as tables …). */
  bundle?(value: unknown): MimeBundle | Promise<MimeBundle>
  /** What runs now, where the host can tell: a new value for each cell. */
  cell?(): unknown
  /** Draws a state in the page with an anywidget's module, where a page listens. */
  widget?(options: { esm: string; css: string; state: Record<string, unknown> }): HostWidget
  /**
   * Of a function: its name, and the newest cell that was to replace it and that the compiler refused, so that nothing of it ran.
   * Undefined where there is no such cell, or where the host does not know.
   */
  refused?(value: unknown): { name: string; cell: number } | undefined
  /** The host's name, for messages: "downhill", "page", "tslab", "console". */
  readonly name: string
}

/** The global under which a `Host` makes itself known: `globalThis[Symbol.for('downhill.host')]`. */
export const hostSymbol: unique symbol = Symbol.for('downhill.host') as never

/** Node prints a value through this method; so a console, and the tslab kernel, show the text of a displayable. */
export const inspectSymbol: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never
