import { readFileSync } from 'node:fs'
import { createRequire, register } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { constants, Script } from 'node:vm'
import { tslab } from '../display/tslab.js'
import { project } from '../project.js'
import { localFile, sourceFile } from './files.js'
import { nativeLoaded } from './native-watch.js'
import { filesBehind, versioned } from './versions.js'

type Namespace = Record<string, unknown>
type Load = (specifier: string, options?: ImportCallOptions) => Promise<Namespace>

/** The file that a cell pretends to be: its imports resolve from the notebook's folder. */
const cellFile = join(process.cwd(), 'cell.js')
const require = createRequire(cellFile)
// Before a cell can change the folder.
project()
/** The library as the kernel's own package has it. */
const library = new URL('../index.js', import.meta.url)

/**
 * Node's own import(), with the notebook's folder as the place it is called from. Tracebacks and debuggers see it as a part
 * of Node: no learner wrote a cell.js.
 */
const importText =
  '(specifier, options) => import(specifier, options)\n//# sourceURL=node:downhill/import'
const nodeImport = new Script(importText, {
  filename: cellFile,
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}).runInThisContext() as Load

let hooked = false
/** Loader hooks cost a thread (about 30 ms), so they come with the first import of a relative file. */
function installHooks(): void {
  if (hooked) return
  hooked = true
  register(new URL('./hooks.js', import.meta.url), {
    data: { library: library.href, folder: dirname(cellFile) },
  })
}

/** `import x from 'y'` and `import('y')` of a cell. */
export const load: Load = async (specifier, options) => {
  if (specifier === 'tslab') return { ...tslab, default: tslab }
  if (/^(node:)?wasi$/.test(specifier)) nativeLoaded()
  if (/^\.{0,2}\/|^file:/.test(specifier)) return loadFile(specifier, options)
  const local = localFile(specifier, dirname(cellFile))
  if (local) return loadLocal(local, options)
  try {
    return await nodeImport(specifier, options)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (specifier === 'downhill' && code === 'ERR_MODULE_NOT_FOUND') return nodeImport(library.href)
    if (code === 'ERR_IMPORT_ASSERTION_TYPE_MISSING' || code === 'ERR_IMPORT_ATTRIBUTE_MISSING')
      return json(require.resolve(specifier))
    if (code === 'ERR_MODULE_NOT_FOUND') throw notFound(specifier, error as Error)
    throw error
  }
}

/** Static imports: `names` are those that the cell uses, so they must be there. */
export async function names(
  specifier: string,
  wanted: string[],
  options?: ImportCallOptions,
): Promise<Namespace> {
  const module = await load(specifier, options)
  const missing = wanted.filter((name) => !(name in module))
  if (missing.length === 0) return module
  // Named exports of CommonJS that Node's lexer did not see.
  const fallback = module.default as Namespace | undefined
  const inDefault = (name: string) =>
    fallback !== null && /^(object|function)$/.test(typeof fallback) && name in fallback!
  if (missing.every(inDefault))
    return { ...module, ...Object.fromEntries(missing.map((name) => [name, fallback![name]])) }
  throw new SyntaxError(
    `import: '${specifier}' has no export named '${missing[0]}'; it has ${Object.keys(module).join(', ')}`,
  )
}

function loadFile(specifier: string, options?: ImportCallOptions): Promise<Namespace> {
  const path = specifier.startsWith('file:')
    ? fileURLToPath(specifier)
    : resolve(dirname(cellFile), specifier)
  const file = sourceFile(path)
  if (file === undefined)
    throw new Error(
      `import: '${specifier}' is no file; looked for ${path} and, beside it, .ts, .js, .mjs, .cjs, .json and index.ts`,
    )
  return loadLocal(file, options)
}

async function loadLocal(file: string, options?: ImportCallOptions): Promise<Namespace> {
  if (file.endsWith('.json')) return json(file)
  installHooks()
  forgetChanged(file)
  return nodeImport(versioned(file), options)
}

const stamps = new Map<string, string>()

/** CommonJS modules are cached by path, whatever the URL. */
function forgetChanged(file: string): void {
  for (const [path, stamp] of filesBehind(file)) {
    if (stamps.get(path) !== stamp) delete require.cache[path]
    stamps.set(path, stamp)
  }
}

function json(file: string): Namespace {
  try {
    return { default: JSON.parse(readFileSync(file, 'utf8')) }
  } catch (error) {
    throw new SyntaxError(`import: ${file} is not JSON: ${(error as Error).message}`)
  }
}

function notFound(specifier: string, error: Error): Error {
  const told = new Error(
    `${error.message.replace(/ imported from .*/s, '')} in ${dirname(cellFile)} or above; install it there: npm install ${specifier}`,
  )
  return Object.assign(told, { code: 'ERR_MODULE_NOT_FOUND' })
}

/** `require` of a cell: Node's, and the two packages that the kernel serves. */
export const cellRequire: NodeJS.Require = Object.assign(
  (specifier: string) => {
    if (specifier === 'tslab') return tslab
    try {
      return require(specifier)
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND'
      if (specifier !== 'downhill' || !missing) throw error
      return require(fileURLToPath(new URL('../index.cjs', import.meta.url)))
    }
  },
  {
    resolve: require.resolve,
    main: require.main,
    extensions: require.extensions,
    cache: require.cache,
  },
)

export const meta = {
  url: pathToFileURL(cellFile).href,
  filename: cellFile,
  dirname: dirname(cellFile),
  resolve: (specifier: string) => pathToFileURL(require.resolve(specifier)).href,
}
