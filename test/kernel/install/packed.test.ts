import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { KernelClient, resultText } from '../../support/kernel-client.js'
import { installPacked } from '../../support/packed.js'

test('the packed package, in a folder with spaces and letters of many kinds, installs a kernel that runs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'downhill Übung ñ 日本 '))
  try {
    const home = installPacked(folder)
    const prefix = join(folder, 'my prefix é')
    const main = join(home, 'dist', 'cli', 'main.js')
    const install = spawnSync(process.execPath, [main, 'kernel', 'install', '--prefix', prefix], {
      encoding: 'utf8',
    })
    expect([install.status, install.stderr]).toEqual([0, ''])
    const spec = join(prefix, 'share', 'jupyter', 'kernels', 'downhill')
    expect(install.stdout).toContain(spec)
    const { argv } = JSON.parse(readFileSync(join(spec, 'kernel.json'), 'utf8'))
    expect(argv[1]).toBe(join(home, 'dist', 'kernel', 'main.js'))
    const cwd = join(folder, 'notebooks of mine')
    mkdirSync(cwd)
    const kernel = await KernelClient.start({ argv, cwd, types: 'error' })
    try {
      const { reply, messages } = await kernel.execute(
        "import { cosine } from 'downhill'\nconst rate: number = cosine({ total: 10, peak: 1 })(0)\nrate",
      )
      expect(reply).toMatchObject({ status: 'ok' })
      expect(resultText(messages)).toBe('1')
      const wrong = await kernel.execute("import { nothing } from 'downhill'")
      expect(wrong.reply).toMatchObject({ ename: 'TypeScriptError' })
    } finally {
      await kernel.close()
    }
    expect(kernel.stderr).toBe('')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}, 90_000)
