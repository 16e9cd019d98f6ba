import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** The package.json that code in `folder` finds for a package: in node_modules there or at any height above. */
export function installedAt(folder: string, name: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const path = join(at, 'node_modules', name, 'package.json')
    if (existsSync(path)) return path
    if (at === dirname(at)) return undefined
  }
}

/** Files that exist now and would satisfy what the server did not find: "Cannot find module 'name' or its …" */
export function filesOfModule(folder: string, message: string): string[] {
  const name = /'([^']+)'/.exec(message)?.[1] ?? ''
  if (/^\.{0,2}\//.test(name)) {
    const path = resolve(folder, name)
    const endings = ['', '.ts', '.d.ts', '.js', '.json', '/index.ts', '/index.d.ts', '/index.js']
    return endings.map((ending) => path + ending).filter((file) => existsSync(file))
  }
  const parts = name.split('/')
  const own = parts.slice(0, name.startsWith('@') ? 2 : 1).join('/')
  const types = `@types/${own.replace('@', '').replace('/', '__')}`
  return [installedAt(folder, own), installedAt(folder, types)].filter((path) => path !== undefined)
}
