import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
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
  const paths: Record<string, string[]> = { tslab: [join(kernel, 'tslab.d.ts')] }
  if (!installedAt(folder, 'downhill'))
    paths.downhill = [join(packageRoot, 'dist', 'types', 'src', 'index.d.ts')]
  return {
    ...(existsSync(join(folder, 'tsconfig.json')) && { extends: './tsconfig.json' }),
    compilerOptions: {
      target: 'esnext',
      module: 'esnext',
      moduleResolution: 'bundler',
      moduleDetection: 'force',
      lib: library(),
      types: ['node'],
      typeRoots: [...(existsSync(join(own, 'node')) ? [own] : []), ...nodeTypes],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      resolveJsonModule: true,
      allowImportingTsExtensions: true,
      esModuleInterop: true,
      useDefineForClassFields: true,
      // What a user's tsconfig.json may set, and what makes no sense for cells.
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
