import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { packageRoot } from '../../kernel/package.js'

const cache = new Map<string, Buffer>()

/** What cli/build.mjs made for pages. */
function asset(name: string): Buffer {
  const known = cache.get(name) ?? readFileSync(join(packageRoot(), 'dist', 'page', name))
  cache.set(name, known)
  return known
}

/** A script and the name by which a Content-Security-Policy allows exactly it. */
export interface Script {
  text: string
  hash: string
}

function hashOf(text: string | Buffer): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

export const pageCss = (): string => asset('page.css').toString('utf8')

export function pageScript(): Script {
  const text = asset('page.js').toString('utf8').trim()
  return { text, hash: hashOf(text) }
}

/** Plotly, packed as base64 of gzip: a third of its size; the page unpacks it. The hash is that of the unpacked script. */
export function plotly(): Script {
  const packed = asset('plotly.js.gz')
  return { text: packed.toString('base64'), hash: hashOf(gunzipSync(packed)) }
}
