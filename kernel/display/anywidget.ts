import { inspect } from 'node:util'
import { displaySymbol, type MimeBundle } from '../../src/host/types.js'
import { pack, unpack } from './buffers.js'

type Data = Record<string, unknown>
type Bytes = ArrayBuffer | ArrayBufferView

/** What a widget needs of a comm, and of who opens them. */
export interface WidgetComm {
  readonly id: string
  readonly closed: boolean
  send(data: Data, enclosed?: { buffers?: readonly Bytes[] }): void
  onMessage(handler: (data: Data, buffers: Uint8Array[]) => unknown): void
  close(): void
}

export interface WidgetComms {
  open(
    target: string,
    data: Data,
    enclosed: { metadata: Data; buffers: readonly Bytes[] },
  ): WidgetComm
  registerTarget(name: string, handler: (comm: WidgetComm) => void): void
}

export interface WidgetOptions<State extends Data> {
  esm: string
  css?: string
  state?: State
}

/** What every anywidget is to JupyterLab. `*`: any version of the extension that is there. Source: anywidget/widget.py */
const kind = {
  _model_module: 'anywidget',
  _model_name: 'AnyModel',
  _model_module_version: '*',
  _view_module: 'anywidget',
  _view_name: 'AnyView',
  _view_module_version: '*',
  _view_count: null,
}

type Listener = (value: unknown, buffers?: Uint8Array[]) => unknown

/** A state that a page and a cell share, and the page's code that draws it. Source: the ipywidgets protocol, 2.1.0 */
export class Widget<State extends Data> {
  readonly #state: State
  readonly #own: Data
  readonly #comm: WidgetComm
  readonly #listeners = new Map<string, Set<Listener>>()

  constructor(comms: WidgetComms, { esm, css = '', state }: WidgetOptions<State>) {
    if (typeof esm !== 'string')
      throw new TypeError(
        `widget: esm must be the text of a JavaScript module, got ${inspect(esm)}`,
      )
    this.#state = { ...state } as State
    this.#own = { ...kind, _esm: esm, _css: css, _anywidget_id: `downhill.${next++}` }
    const { buffers, ...data } = pack(this.full())
    const metadata = { version: '2.1.0' }
    this.#comm = comms.open('jupyter.widget', data, { metadata, buffers })
    this.#comm.onMessage((data, buffers) => this.#receive(data, buffers))
  }

  get id(): string {
    return this.#comm.id
  }

  get closed(): boolean {
    return this.#comm.closed
  }

  /** All that a page needs to draw it. */
  full(): Data {
    return { ...this.#own, ...this.#state }
  }

  get<Name extends keyof State & string>(name: Name): State[Name] {
    return this.#state[name]
  }

  set(change: Partial<State>): void
  set<Name extends keyof State & string>(name: Name, value: State[Name]): void
  set(change: string | Partial<State>, value?: unknown): void {
    const values = typeof change === 'string' ? { [change]: value } : { ...change }
    if (!this.closed) this.#send('update', values)
    this.#change(values)
  }

  on(event: string, listener: Listener): () => void {
    if (!/^change(:.+)?$|^msg:custom$/.test(event))
      throw new RangeError(
        `widget: there is change, change:NAME and msg:custom to listen to, got ${event}`,
      )
    const listeners = this.#listeners.get(event) ?? new Set()
    this.#listeners.set(event, listeners.add(listener))
    return () => void listeners.delete(listener)
  }

  /** A message to the page's `model.on('msg:custom', …)`. */
  send(content: unknown, buffers: readonly Bytes[] = []): void {
    this.#comm.send({ method: 'custom', content }, { buffers })
  }

  close(): void {
    this.#comm.close()
  }

  [displaySymbol](): MimeBundle {
    return {
      'application/vnd.jupyter.widget-view+json': {
        version_major: 2,
        version_minor: 0,
        model_id: this.id,
      },
      'text/plain': `Widget ${inspect(this.#state, { colors: false })}`,
    }
  }

  #send(method: 'update' | 'echo_update', values: Data): void {
    const { buffers, ...data } = pack(values)
    this.#comm.send({ method, ...data }, { buffers })
  }

  #receive(data: Data, buffers: Uint8Array[]): void {
    if (data.method === 'request_state') this.#send('update', this.full())
    else if (data.method === 'custom') this.#tell('msg:custom', data.content, buffers)
    else if (data.method === 'update') {
      const values = unpack(data.state as Data, (data.buffer_paths ?? []) as string[][], buffers)
      // Other pages that show it hear of it; the one that said so knows its own echo.
      this.#send('echo_update', values)
      this.#change(values)
    }
  }

  #change(values: Data): void {
    const changed = Object.keys(values).filter(
      (name) => !Object.is(this.#state[name], values[name]),
    )
    // What the page keeps for itself (`_view_count`) is no state of the learner's.
    const own = changed.filter((name) => name in this.#own)
    for (const name of own) this.#own[name] = values[name]
    const shared = changed.filter((name) => !(name in this.#own))
    Object.assign(this.#state, Object.fromEntries(shared.map((name) => [name, values[name]])))
    for (const name of shared) this.#tell(`change:${name}`, values[name])
    if (shared.length > 0) this.#tell('change', this.#state)
  }

  #tell(event: string, value: unknown, buffers?: Uint8Array[]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(value, buffers)
  }
}

let next = 1

/** The global `widget`; kernel/language/globals.d.ts types and documents it. */
export function makeWidget(comms: WidgetComms) {
  const widgets = new Set<Widget<Data>>()
  // A page that was loaded again asks for all widgets at once.
  comms.registerTarget('jupyter.widget.control', (comm) =>
    comm.onMessage(({ method }) => {
      if (method !== 'request_states') return
      for (const widget of widgets) if (widget.closed) widgets.delete(widget)
      const states = Object.fromEntries([...widgets].map((widget) => [widget.id, describe(widget)]))
      const { state, buffers, buffer_paths } = pack(states)
      comm.send({ method: 'update_states', states: state, buffer_paths }, { buffers })
    }),
  )
  return <State extends Data>(options: WidgetOptions<State>): Widget<State> => {
    const made = new Widget(comms, options)
    widgets.add(made as unknown as Widget<Data>)
    return made
  }
}

function describe(widget: Widget<Data>): Data {
  const state = widget.full()
  const { _model_name, _model_module, _model_module_version } = state
  return {
    model_name: _model_name,
    model_module: _model_module,
    model_module_version: _model_module_version,
    state,
  }
}
