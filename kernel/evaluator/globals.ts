import { progress } from '../../src/host/progress.js'
import { type Host, hostSymbol, type MimeBundle } from '../../src/host/types.js'
import { whenThere } from '../../src/host/when-there.js'
import { makeWidget } from '../display/anywidget.js'
import { makeDisplay, shownBundle } from '../display/display.js'
import { currentCell, isSilenced } from './cell.js'
import { comms } from './comms.js'
import { failure, Interrupted } from './failure.js'
import { hold, holdEach, resume } from './hold.js'
import { hook } from './hook.js'
import { confirm, input, prompt } from './input.js'
import { cellRequire, load, meta, names } from './modules.js'
import { emit } from './output.js'
import { refusalOf } from './refused.js'
import { use, useAsync } from './resources.js'

/** Displays whose bundle is still being made, and their cell, which waits for them. */
const pending = new Map<Promise<void>, number>()

export async function displaysDone(id: number): Promise<void> {
  const waiting = () => [...pending].filter(([, cell]) => cell === id).map(([sent]) => sent)
  for (let sent = waiting(); sent.length > 0; sent = waiting()) await Promise.all(sent)
}

function show(
  bundle: MimeBundle | Promise<MimeBundle>,
  options: { id?: string; update?: boolean } = {},
): void {
  const cell = currentCell()
  if (isSilenced(cell)) throw new Interrupted()
  const sending = whenThere(bundle, {
    id: options.id,
    show: (data) => emit({ type: 'display', cell, data, ...options }),
    fail: (error) => emit({ type: 'late', cell, error: failure(error) }),
  })
  const sent = sending?.finally(() => pending.delete(sent!))
  if (sent) pending.set(sent, cell)
}

function clearOutput({ wait = false }: { wait?: boolean } = {}): void {
  emit({ type: 'clear', cell: currentCell(), wait })
}

/** What every cell has without import; kernel/language/globals.d.ts types and documents it. */
export function installGlobals(value: (name: string, last: unknown) => void): void {
  const widget = makeWidget(comms)
  const host: Host = {
    name: 'downhill',
    display: show,
    bundle: shownBundle,
    cell: currentCell,
    widget,
    refused: refusalOf,
  }
  const globals = {
    display: makeDisplay(show),
    progress,
    clearOutput,
    comms,
    widget,
    input,
    prompt,
    confirm,
    require: cellRequire,
    [hostSymbol]: host,
    [hook]: { value, load, names, meta, hold, holdEach, resume, use, useAsync },
  }
  // Configurable, so that a cell's own `let display` shadows it without an error; hidden from completion by name.
  for (const name of Reflect.ownKeys(globals))
    Object.defineProperty(globalThis, name, {
      value: globals[name as keyof typeof globals],
      configurable: true,
      writable: true,
      enumerable: false,
    })
}
