import type { Host, MimeBundle } from '../../src/host/types.js'
import { hostSymbol } from '../../src/host/types.js'

export interface Shown {
  bundle: MimeBundle | Promise<MimeBundle>
  id: string | undefined
  update: boolean | undefined
}

/** Everything that was shown since the last `useHost`. */
export const shown: Shown[] = []

const recorder: Host = {
  name: 'test',
  display: (bundle, { id, update } = {}) => void shown.push({ bundle, id, update }),
}

/** Makes a host that records, with `more` of its own, this process's host; `undefined` takes it away. */
export function useHost(more: Partial<Host> | undefined = {}): void {
  shown.length = 0
  Reflect.set(globalThis, hostSymbol, { ...recorder, ...more })
}

export function noHost(): void {
  Reflect.set(globalThis, hostSymbol, undefined)
}
