import { tslabHost } from './tslab.js'
import { type Host, hostSymbol } from './types.js'
import { whenThere } from './when-there.js'

/** Where there is nothing else: the text of a bundle, on the console. */
const consoleHost: Host = {
  name: 'console',
  display: (bundle) => {
    // A console replaces nothing: all that was shown stands there.
    whenThere(bundle, {
      id: undefined,
      show: (data) =>
        console.log(
          String(data['text/plain'] ?? data['text/markdown'] ?? Object.keys(data).join(', ')),
        ),
    })
  },
}

/** The process's host: what our kernel or an exported page has put there, else tslab's display, else the console. */
export function findHost(): Host {
  const own: unknown = Reflect.get(globalThis, hostSymbol)
  return isHost(own) ? own : (tslabHost() ?? consoleHost)
}

function isHost(value: unknown): value is Host {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'display') === 'function'
  )
}
