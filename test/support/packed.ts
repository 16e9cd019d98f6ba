import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** Packs the package as npm would publish it and unpacks it into the project's node_modules, beside its dependencies. Returns its folder. */
export function installPacked(project: string): string {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const packed = execFileSync(
    npm,
    ['pack', '--json', '--ignore-scripts', '--pack-destination', project],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const [{ filename }] = JSON.parse(packed)
  const home = join(project, 'node_modules', 'downhill')
  mkdirSync(home, { recursive: true })
  execFileSync('tar', ['-xzf', join(project, filename), '-C', home, '--strip-components=1'])
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
  for (const name of Object.keys(dependencies)) {
    const link = join(project, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(resolve('node_modules', name), link, 'junction')
  }
  return home
}
