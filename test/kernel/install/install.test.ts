import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { packageRoot } from '../../../kernel/package.js'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'downhill install '))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function downhill(...args: string[]) {
  const main = join(packageRoot(), 'dist', 'cli', 'main.js')
  const env = {
    ...process.env,
    JUPYTER_DATA_DIR: join(home, 'data'),
    VIRTUAL_ENV: join(home, 'env'),
  }
  const done = spawnSync(process.execPath, [main, 'kernel', ...args], { encoding: 'utf8', env })
  return { status: done.status, out: done.stdout.trim(), err: done.stderr.trim() }
}

test.each([
  ['--user', () => [], () => join(home, 'data', 'kernels', 'downhill')],
  ['--sys-prefix', () => ['--sys-prefix'], () => join(home, 'env/share/jupyter/kernels/downhill')],
  ['--prefix', () => ['--prefix', home], () => join(home, 'share/jupyter/kernels/downhill')],
])('%s: install says where, list finds it, uninstall removes it', (_, flags, where) => {
  const folder = where()
  expect(downhill('install', ...flags())).toEqual({
    status: 0,
    out: `installed kernel "downhill" in ${folder}`,
    err: '',
  })
  const spec = JSON.parse(readFileSync(join(folder, 'kernel.json'), 'utf8'))
  expect(spec).toMatchObject({
    display_name: 'TypeScript (Downhill)',
    language: 'typescript',
    interrupt_mode: 'message',
  })
  expect(spec.argv.slice(2)).toEqual(['--connection', '{connection_file}'])
  expect(spec.argv.slice(0, 2).every(existsSync)).toBe(true)
  expect(readdirSync(folder).sort()).toEqual([
    'kernel.json',
    'logo-32x32.png',
    'logo-64x64.png',
    'logo-svg.svg',
  ])
  expect(downhill('list', '--prefix', home).out).toContain(folder)
  expect(downhill('uninstall', ...flags()).status).toBe(0)
  expect(existsSync(folder)).toBe(false)
})

test('installing again replaces what is there, under a name of its own too', () => {
  downhill('install', '--name', 'other')
  const stray = join(home, 'data/kernels/other/stray')
  writeFileSync(stray, '')
  expect(downhill('install', '--name', 'other').status).toBe(0)
  expect(existsSync(stray)).toBe(false)
  expect(readdirSync(join(home, 'data/kernels'))).toEqual(['other'])
})

test("another kernel's folder is left alone", () => {
  const folder = join(home, 'data/kernels/python3')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'kernel.json'), '{"argv": ["python"]}')
  for (const command of ['install', 'uninstall']) {
    const { status, err } = downhill(command, '--name', 'python3')
    expect(status).toBe(1)
    expect(err.split('\n')).toHaveLength(1)
    expect(err).toMatch(/another kernel's|not a kernel of Downhill/)
  }
  expect(readdirSync(folder)).toEqual(['kernel.json'])
})

test('a place that cannot be written is one line, and leaves nothing behind', () => {
  writeFileSync(join(home, 'file'), '')
  const { status, err } = downhill('install', '--prefix', join(home, 'file'))
  expect(status).toBe(1)
  expect(err).toBe(
    `downhill: ${join(home, 'file/share/jupyter/kernels')}: cannot be written (ENOTDIR): a part of the path is a file; choose another place with --user or --prefix P`,
  )
  expect(readdirSync(home)).toEqual(['file'])
})

test('a place where the system only says that there is none ends too: Node makes folders in /proc for ever', () => {
  const { status, err } = downhill('install', '--prefix', '/proc')
  expect(status).toBe(1)
  expect(err).toMatch(
    /^downhill: \/proc.*cannot be written \(.*choose another place with --user or --prefix P$/,
  )
  expect(err.split('\n')).toHaveLength(1)
})

test('names that Jupyter would not find are refused', () => {
  expect(downhill('install', '--name', 'a/b').err).toContain('--name must be letters')
})
