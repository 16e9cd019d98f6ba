import { join } from 'node:path'
import { npmProgram } from '../test/support/npm-program.js'

export const denoVersion = '2.9.6'

/** npm's names for the systems that it has deno for. */
const platform = `${process.platform}-${process.arch}${process.platform === 'linux' ? '-glibc' : ''}`

/** The kernel spec that `deno jupyter --install` writes, for a deno from npm in .cache; undefined where npm has none. */
export function denoSpec(): object | undefined {
  const name = process.platform === 'win32' ? 'deno.exe' : 'deno'
  const deno = npmProgram({
    folder: 'deno',
    spec: `deno@${denoVersion}`,
    path: join('@deno', platform, name),
  })
  if (!deno) return undefined
  return {
    argv: [deno, 'jupyter', '--kernel', '--conn', '{connection_file}'],
    display_name: 'Deno',
    language: 'typescript',
    env: { DENO_NO_UPDATE_CHECK: '1' },
  }
}
