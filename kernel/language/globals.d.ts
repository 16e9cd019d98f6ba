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
 * Shows a value below the cell, in order with printed text: text as it is, an array of records as a table, bytes of a PNG,
 * JPEG or GIF as the picture, an error with its line marked. A value shows itself through
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

/**
 * Passes on the items of an iterable and shows how far the loop is, how fast, and how long it will still take, in one
 * output that is updated in place. A loop inside another has its line in the same output.
 * @example for (const step of progress([1, 2, 3], { label: 'training' })) { … }
 */
declare const progress: {
  <T>(
    iterable: Iterable<T>,
    options?: {
      /** How many items there will be. Default: the iterable's `length` or `size`, else unknown. */
      total?: number
      /** What is being done, before the numbers. */
      label?: string
    },
  ): Generator<T, void>
  <T>(
    iterable: AsyncIterable<T>,
    options?: { total?: number; label?: string },
  ): AsyncGenerator<T, void>
}

/** Removes what the cell has shown. With `wait`, only when the next output comes, which avoids flicker. */
declare function clearOutput(options?: { wait?: boolean }): void

/** A JSON object that goes to the page or comes from it. */
type CommData = Record<string, unknown>

/** An open line between the notebook's code and code in the page. */
interface Comm {
  readonly id: string
  readonly target: string
  readonly closed: boolean
  /**
   * Sends a JSON object, and bytes beside it.
   * @throws Error when the comm is closed
   */
  send(
    data?: CommData,
    options?: { buffers?: readonly (ArrayBuffer | ArrayBufferView)[]; metadata?: CommData },
  ): void
  /** Called with each message of the page, also while a cell awaits something. */
  onMessage(handler: (data: CommData, buffers: Uint8Array<ArrayBuffer>[]) => unknown): void
  /** Called when the page closes it. */
  onClose(handler: (data: CommData) => unknown): void
  /** Closes it at both ends. */
  close(data?: CommData): void
}

/** Lines to code in the page, such as widgets have. Bytes go both ways as they are. */
declare const comms: {
  /**
   * Answers pages that open a comm to `name`. Registered again, the newer function answers.
   * @example comms.registerTarget('clock', (comm) => comm.onMessage(() => comm.send({ now: Date.now() })))
   */
  registerTarget(
    name: string,
    handler: (comm: Comm, data: CommData, buffers: Uint8Array<ArrayBuffer>[]) => unknown,
  ): void
  /** Opens a comm to what the page has registered as `target`. */
  open(
    target: string,
    data?: CommData,
    options?: { buffers?: readonly (ArrayBuffer | ArrayBufferView)[]; metadata?: CommData },
  ): Comm
}

/** A state that cells and the page share. Shown by being the last value of a cell, or by `display`. */
interface Widget<State extends CommData> {
  readonly id: string
  readonly closed: boolean
  get<Name extends keyof State & string>(name: Name): State[Name]
  /** Changes the state here and in every page that shows it. */
  set<Name extends keyof State & string>(name: Name, value: State[Name]): void
  set(change: Partial<State>): void
  /** Called when one value changed, here or in the page. Returns a function that ends it. */
  on<Name extends keyof State & string>(
    event: `change:${Name}`,
    listener: (value: State[Name]) => unknown,
  ): () => void
  on(event: 'change', listener: (state: State) => unknown): () => void
  /** Called with what the page's `model.send(content)` says. */
  on(
    event: 'msg:custom',
    listener: (content: unknown, buffers: Uint8Array<ArrayBuffer>[]) => unknown,
  ): () => void
  /** Says something to the page's `model.on('msg:custom', …)`. */
  send(content: unknown, buffers?: readonly (ArrayBuffer | ArrayBufferView)[]): void
  /** Takes it out of every page. */
  close(): void
}

/**
 * A widget after anywidget (anywidget.dev): JavaScript that runs in the page, and a state that both sides read and set.
 * The page needs the anywidget extension: `pip install anywidget` beside JupyterLab.
 * @example
 * const counter = widget({
 *   state: { count: 0 },
 *   esm: `export default { render({ model, el }) {
 *     const button = document.createElement('button')
 *     const show = () => { button.textContent = model.get('count') }
 *     button.onclick = () => { model.set('count', model.get('count') + 1); model.save_changes() }
 *     model.on('change:count', show)
 *     show()
 *     el.append(button)
 *   } }`,
 * })
 * counter.on('change:count', (count) => console.log(count))
 * counter
 */
declare function widget<State extends CommData = Record<never, never>>(options: {
  /** The text of an ES module whose default export has `render({ model, el })`, or its URL. */
  esm: string
  /** Style, or its URL. */
  css?: string
  /** Names and first values: what JSON holds, and bytes. */
  state?: State
}): Widget<State>

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
