import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

/** Built by cli/build.mjs; found from the sources and from the bundle alike by walking up to the package. */
function pageFolder(folder = dirname(fileURLToPath(import.meta.url))): string {
  try {
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    if (name === 'downhill') return join(folder, 'dist', 'page')
  } catch {
    // No manifest in this folder: it is further up.
  }
  if (dirname(folder) === folder)
    throw new Error('export: no package.json named "downhill" above the program')
  return pageFolder(dirname(folder))
}

const cache = new Map<string, Buffer>()

function asset(name: string): Buffer {
  const known = cache.get(name) ?? readFileSync(join(pageFolder(), name))
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
