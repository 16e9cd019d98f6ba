import { readFile } from 'node:fs/promises'
import type { InitializeHook, LoadHook, ResolveHook } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadParser } from '../language/names.js'
import { projectIn } from '../project.js'
import { localFile } from './files.js'
import { swcOptions } from './swc-options.js'
import { versioned } from './versions.js'

/** Node's module loader, taught TypeScript files of the notebook and the kernel's own `downhill`. Runs in Node's hook thread. */
let library: string | undefined

export const initialize: InitializeHook<{ library: string; folder: string }> = (data) => {
  library = data.library
  projectIn(data.folder)
}

export const resolve: ResolveHook = async (specifier, context, next) => {
  const { parentURL } = context
  if (parentURL?.startsWith('file:') && !parentURL.includes('/node_modules/')) {
    const file = localFile(specifier, dirname(fileURLToPath(parentURL)))
    if (file) return next(versioned(file), context)
  }
  try {
    return await next(specifier, context)
  } catch (error) {
    if (specifier === 'downhill' && library) return next(library, context)
    throw error
  }
}

export const load: LoadHook = async (url, context, next) => {
  const { pathname, protocol } = new URL(url)
  if (protocol !== 'file:' || pathname.includes('/node_modules/')) return next(url, context)
  const module = (source: string) => ({ format: 'module' as const, source, shortCircuit: true })
  const text = () => readFile(fileURLToPath(url), 'utf8')
  if (/\.(m?ts|tsx)$/.test(pathname)) {
    const options = swcOptions(fileURLToPath(url))
    const source = await text()
    try {
      return module((await loadParser().transform(source, options)).code)
    } catch (error) {
      // swc's drawing of the place; behind it are its own causes, and with RUST_BACKTRACE its stack.
      throw new SyntaxError((error as Error).message.split(/\s*^Caused by:/m)[0]!.trim())
    }
  }
  if (pathname.endsWith('.json')) return module(`export default ${await text()}`)
  return next(url, context)
}
