import type { Host, MimeBundle } from './types.js'
import { whenThere } from './when-there.js'

/** The part of the tslab kernel's API (`import * as tslab from 'tslab'`) that shows things. */
interface Display {
  raw(type: string, content: string): void
}
interface Tslab {
  display: Display
  newDisplay(): Display
}

/** tslab shows one representation at a time: the richest of ours that it can draw. */
const order = ['text/html', 'image/svg+xml', 'text/markdown', 'text/latex', 'text/plain']
const open = new Map<string, Display>()

/** The stock tslab kernel, if this is it: it answers `require('tslab')` to cells only, through a global of its own. */
export function tslabHost(): Host | undefined {
  const global: unknown = Reflect.get(globalThis, '__tslab__')
  if (typeof global !== 'object' || global === null) return undefined
  const require: unknown = Reflect.get(global, 'require')
  if (typeof require !== 'function') return undefined
  const tslab: Tslab = require('tslab')
  return {
    name: 'tslab',
    display(bundle, { id } = {}) {
      let target = id === undefined ? tslab.display : open.get(id)
      if (target === undefined) {
        target = tslab.newDisplay()
        if (id !== undefined) open.set(id, target)
      }
      const shown = target
      whenThere(bundle, { id, show: (data) => shown.raw(...richest(data)) })
    },
  }
}

function richest(bundle: MimeBundle): [string, string] {
  const type = order.find((name) => bundle[name] !== undefined)
  return type === undefined
    ? ['text/plain', Object.keys(bundle).join(', ')]
    : [type, String(bundle[type])]
}
