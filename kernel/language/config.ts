import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { definesFields } from '../evaluator/swc-options.js'
import { readProject } from '../project.js'
import { installedAt } from './modules.js'

/** The project file of a notebook's cells, as its path; it exists in the server's memory only. */
export const configFile = '.tsnb.json'

/** The newest `lib` whose functions this Node has: a later one lets through what then fails at run time. */
function library(node = Number(process.versions.node.split('.')[0])): string[] {
  if (node >= 24) return ['esnext']
  return node >= 22
    ? ['es2024', 'esnext.collection', 'esnext.iterator', 'esnext.disposable']
    : ['es2023', 'esnext.disposable']
}

/** The folder that holds our @types/node, wherever npm hoisted it. */
function nodeTypesOf(packageRoot: string): string[] {
  try {
    const require = createRequire(join(packageRoot, 'package.json'))
    return [dirname(dirname(realpathSync(require.resolve('@types/node/package.json'))))]
  } catch {
    return []
  }
}

/**
 * @param folder the notebook's folder
 * @param packageRoot the folder of this package: its `downhill`, its kernel's globals, its @types/node
 */
export function cellConfig({ folder, packageRoot }: { folder: string; packageRoot: string }) {
  const kernel = join(packageRoot, 'dist', 'kernel')
  const nodeTypes = nodeTypesOf(packageRoot)
  const own = join(folder, 'node_modules', '@types')
  const { options, paths: mapped, problem } = readProject(folder)
  const paths: Record<string, string[]> = { tslab: [join(kernel, 'tslab.d.ts')], ...mapped }
  if (!paths.downhill && !installedAt(folder, 'downhill'))
    paths.downhill = [join(packageRoot, 'dist', 'types', 'src', 'index.d.ts')]
  return {
    ...(existsSync(join(folder, 'tsconfig.json')) && !problem && { extends: './tsconfig.json' }),
    compilerOptions: {
      // What a tsconfig.json of the folder says goes before these, and not before what comes after them.
      ...without(options, {
        lib: library(),
        strict: true,
        skipLibCheck: true,
        esModuleInterop: true,
        allowSyntheticDefaultImports: true,
      }),
      target: 'esnext',
      module: 'esnext',
      moduleResolution: 'bundler',
      moduleDetection: 'force',
      types: ['node', ...(Array.isArray(options.types) ? options.types : [])],
      typeRoots: [...(existsSync(join(own, 'node')) ? [own] : []), ...nodeTypes],
      noEmit: true,
      resolveJsonModule: true,
      allowImportingTsExtensions: true,
      useDefineForClassFields: definesFields(options),
      // What makes no sense for cells.
      composite: false,
      incremental: false,
      declaration: false,
      isolatedModules: false,
      verbatimModuleSyntax: false,
      paths,
    },
    files: [join(kernel, 'globals.d.ts')].filter((path) => existsSync(path)),
    include: ['.tsnb-*.ts'],
  }
}

/** Those defaults that nobody set. */
const without = (set: Record<string, unknown>, defaults: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(defaults).filter(([name]) => !(name in set)))
