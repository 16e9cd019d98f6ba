import { type Host, hostSymbol, type MimeBundle } from '../../src/host/types.js'
import { typescriptVersion } from '../package.js'
import { base64 } from './display.js'

/**
 * The public face of the tslab kernel, served by ours, so that notebooks written for it run unchanged.
 * Source: tslab 1.0.22, dist/public.d.ts.
 */
class TslabDisplay {
  readonly #id: string | undefined
  #shown = false

  constructor(id?: string) {
    this.#id = id
  }

  javascript = (source: string): void => this.raw('text/javascript', source)
  html = (source: string): void => this.raw('text/html', source)
  markdown = (source: string): void => this.raw('text/markdown', source)
  latex = (source: string): void => this.raw('text/latex', source)
  svg = (source: string): void => this.raw('image/svg+xml', source)
  png = (bytes: Uint8Array): void => this.raw('image/png', bytes)
  jpeg = (bytes: Uint8Array): void => this.raw('image/jpeg', bytes)
  gif = (bytes: Uint8Array): void => this.raw('image/gif', bytes)
  pdf = (bytes: Uint8Array): void => this.raw('application/pdf', bytes)
  text = (text: string): void => this.raw('text/plain', text)

  raw(type: string, content: string | Uint8Array): void {
    const bundle: MimeBundle = { [type]: base64(content) }
    const host = (globalThis as { [hostSymbol]?: Host })[hostSymbol]
    if (this.#id === undefined) host?.display(bundle)
    else host?.display(bundle, { id: this.#id, update: this.#shown })
    this.#shown = true
  }
}

let next = 1

export const tslab = {
  versions: {
    tslab: '1.0.22',
    get typescript() {
      return typescriptVersion()
    },
    node: process.version,
  },
  /** A display whose later content overwrites the earlier. */
  newDisplay: (): TslabDisplay => new TslabDisplay(`tslab-${process.pid}-${next++}`),
  display: new TslabDisplay(),
}
