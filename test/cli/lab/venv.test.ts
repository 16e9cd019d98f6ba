import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ensureVenv, PythonError, venvPython } from '../../../cli/lab/venv.js'
import { testWith } from '../../support/need.js'

let folder: string
let said: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downhill-venv-'))
  said = []
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

/** A virtual environment with requirements of our own making. */
function options(requirement: string) {
  const file = join(folder, 'requirements.txt')
  writeFileSync(file, requirement)
  const say = (line: string) => void said.push(line)
  return { folder: join(folder, 'venv'), requirements: [file], say }
}

test('no Python on the path: what is needed and how to get it', async () => {
  vi.stubEnv('PATH', folder)
  await expect(ensureVenv(options('tiny'))).rejects.toThrow(
    /^lab: JupyterLab needs Python ≥ 3.9, found none; install it from python.org/,
  )
})

test('a Python that is too old is named', async () => {
  const old = join(folder, 'python3')
  writeFileSync(old, '#!/bin/sh\necho 3.8.18\n')
  chmodSync(old, 0o755)
  vi.stubEnv('PATH', folder)
  await expect(ensureVenv(options('tiny'))).rejects.toThrow('needs Python ≥ 3.9, found 3.8.18;')
})

testWith(
  ['python'],
  'made once, then only looked at; a new pin installs again',
  async () => {
    vi.stubEnv('PIP_NO_INDEX', '1')
    const first = options('pip') // there without a network
    expect(await ensureVenv(first)).toBe(venvPython(first.folder))
    expect(said.map((line) => line.split(' ')[0])).toEqual(['making', 'installing'])
    await ensureVenv(first)
    expect(said).toHaveLength(2)
    await ensureVenv(options('# pinned anew\npip'))
    expect(said.map((line) => line.split(' ')[0])).toEqual(['making', 'installing', 'installing'])
    expect(existsSync(`${first.folder}.lock`)).toBe(false)
  },
  120_000,
)

testWith(
  ['python'],
  'what pip cannot install is said, and tried again the next time',
  async () => {
    vi.stubEnv('PIP_NO_INDEX', '1')
    const wanted = options('downhill-does-not-exist==1.0')
    for (let attempt = 1; attempt <= 2; attempt++) {
      const failure = await ensureVenv(wanted).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(PythonError)
      expect(String(failure)).toMatch(/pip could not install requirements.txt: .*does-not-exist/)
      expect(said.filter((line) => line.startsWith('installing'))).toHaveLength(attempt)
    }
  },
  120_000,
)
