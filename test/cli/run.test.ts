import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { testWith } from '../support/need.js'

vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'run-'))
const out = join(folder, 'out')
const typescript = { kernelspec: { name: 'downhill', language: 'typescript', display_name: 'T' } }

function notebook(name: string, sources: string[], metadata: object = typescript): string {
  const cells = sources.map((source, k) => ({
    cell_type: 'code',
    id: `c${k}`,
    metadata: {},
    source,
    outputs: [{ output_type: 'stream', name: 'stdout', text: 'old output' }],
    execution_count: 99,
  }))
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }))
  return path
}

interface Cell {
  execution_count: number | null
  outputs: { text?: string[]; ename?: string; data?: Record<string, string[]> }[]
}
const cellsOf = (path: string): Cell[] => JSON.parse(readFileSync(path, 'utf8')).cells

/** The command as a user runs it, and that it leaves nothing in the folder of temporary files. */
function downhill(args: string[], env: Record<string, string> = {}) {
  const temporary = mkdtempSync(join(tmpdir(), 'run-tmp-'))
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli/main.js', ...args], {
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: temporary, ...env },
  })
  const left = readdirSync(temporary)
  rmSync(temporary, { recursive: true })
  return { status, stdout, stderr, left }
}

beforeAll(() => void mkdirSync(out))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a notebook runs from top to bottom in its own folder, and is written with its outputs', () => {
  writeFileSync(join(folder, 'data.json'), '[1, 2, 3]')
  const path = notebook('good.ipynb', [
    "import { readFileSync } from 'node:fs'\nconst rows: number[] = JSON.parse(readFileSync('data.json', 'utf8'))",
    '',
    'console.log(rows.length); rows[2]',
  ])
  const before = readFileSync(path, 'utf8')
  const { status, stdout, stderr, left } = downhill(['run', path, '--out', out, '--json'])
  expect(stderr).toMatch(/^ok {6}.*good\.ipynb: 2 cells in \d+\.\d s, written to .*good\.ipynb\n$/)
  expect(status).toBe(0)
  expect(left).toEqual([])
  expect(JSON.parse(stdout)).toMatchObject([{ notebook: path, ok: true, cells: 2 }])
  expect(readFileSync(path, 'utf8')).toBe(before)
  const [first, empty, last] = cellsOf(join(out, 'good.ipynb'))
  expect(first).toMatchObject({ execution_count: 1, outputs: [] })
  expect(empty).toMatchObject({ execution_count: null, outputs: [] })
  expect(last!.outputs).toMatchObject([{ text: ['3\n'] }, { data: { 'text/plain': ['3'] } }])
})

test('the first failing cell ends the run; its error is written, later cells are empty', () => {
  const path = notebook('bad.ipynb', ['1', "throw new RangeError('too far')", '3'])
  const { status, stderr, left } = downhill(['run', path, '--inplace'])
  expect(stderr).toContain('bad.ipynb: cell 2 failed: RangeError: too far; --allow-errors')
  expect([status, left]).toEqual([1, []])
  const [, failed, after] = cellsOf(path)
  expect(failed!.outputs).toMatchObject([{ ename: 'RangeError' }])
  expect(after).toMatchObject({ execution_count: null, outputs: [] })
})

test('--allow-errors goes on, and several notebooks are one run', () => {
  const bad = notebook('bad2.ipynb', ["throw new Error('x')", '6 * 7'])
  const good = notebook('good2.ipynb', ['1'])
  const { status, stderr } = downhill(['run', bad, good, '--allow-errors', '--out', out])
  expect(stderr.split('\n').map((line) => line.slice(0, 6).trim())).toEqual(['errors', 'ok', ''])
  expect(status).toBe(0)
  expect(cellsOf(join(out, 'bad2.ipynb'))[1]!.outputs).toMatchObject([
    { data: { 'text/plain': ['42'] } },
  ])
})

test('a loop is interrupted at --timeout', () => {
  const loop = notebook('loop.ipynb', ['while (true) {}'])
  const { status, stderr, left } = downhill(['run', loop, '--timeout', '4'])
  expect(stderr).toContain(
    'loop.ipynb: cell 1 took longer than 4 s and was interrupted; allow more',
  )
  expect([status, left]).toEqual([1, []])
})

test('a notebook that exits its process is an error', () => {
  const { status, stderr, left } = downhill([
    'run',
    notebook('exits.ipynb', ['process.exit(0)', '1']),
  ])
  expect(stderr).toMatch(/exits\.ipynb: cell 1 failed: StateLost: the process ended/)
  expect([status, left]).toEqual([1, []])
})

const bad: [name: string, args: () => string[], message: RegExp][] = [
  ['a missing file', () => ['nope.ipynb'], /nope\.ipynb: cannot be read \(ENOENT\): no such file/],
  ['a folder', () => [folder], /cannot be read \(EISDIR\): it is a folder/],
  [
    'not a notebook',
    () => {
      writeFileSync(join(folder, 'junk.ipynb'), 'hello')
      return [join(folder, 'junk.ipynb')]
    },
    /junk\.ipynb: not a notebook \(it is not JSON\); give a file/,
  ],
  [
    'another language',
    () => [notebook('py.ipynb', ['1'], { kernelspec: { language: 'python', name: 'python3' } })],
    /py\.ipynb: a notebook of python; Downhill runs TypeScript notebooks, choose/,
  ],
  [
    'a missing kernel',
    () => [notebook('k.ipynb', ['1']), '--kernel', 'nope'],
    /kernel "nope" is not installed on this machine; it has: .*downhill/,
  ],
  [
    'a server that is not there',
    () => [notebook('s.ipynb', ['1']), '--server', 'http://127.0.0.1:9/'],
    /cannot use http:\/\/127\.0\.0\.1:9\/ \(.*\); is it running, and is the address right\?/,
  ],
  [
    'an --out that is a file',
    () => [notebook('o.ipynb', ['1']), '--out', join(folder, 'o.ipynb')],
    /o\.ipynb: cannot be written \(EEXIST\): a file of that name is in the way; choose another folder with --out/,
  ],
  [
    'two notebooks for one file',
    () => [notebook('t.ipynb', ['1']), notebook('t.ipynb', ['1']), '--out', out],
    /two notebooks would become .*t\.ipynb/,
  ],
]

test.each(bad)('%s: one line that says what to do, and no file', (_name, args, message) => {
  const before = readdirSync(out)
  const { status, stdout, stderr, left } = downhill(['run', ...args()])
  expect(stderr).toMatch(message)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect([status, stdout, left]).toEqual([1, '', []])
  expect(readdirSync(out)).toEqual(before)
})

/** The command where `out` is something else than a usual folder, seen by nobody outside. */
function downhillWith(mount: string[], path: string) {
  const command = `${process.execPath} dist/cli/main.js run ${path} --out ${out}; status=$?; ls -A ${out}; exit $status`
  return spawnSync('bwrap', ['--dev-bind', '/', '/', ...mount, 'sh', '-c', command], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' }, // ls sorts as readdir does
  })
}

testWith(['bubblewrap'], 'a read-only --out folder is refused before anything runs', () => {
  const path = notebook('ro.ipynb', ["throw new Error('ran')"])
  const { status, stdout, stderr } = downhillWith(['--ro-bind', folder, folder], path)
  expect(stderr).toBe(
    `downhill: ${out}: cannot be written (EROFS): it is read-only; choose another folder with --out\n`,
  )
  expect([status, stdout]).toEqual([
    1,
    readdirSync(out)
      .map((name) => `${name}\n`)
      .join(''),
  ])
})

testWith(['bubblewrap'], 'a full disk leaves no half-written notebook', () => {
  const path = notebook('full.ipynb', ["console.log('x'.repeat(100_000))"])
  const { status, stdout, stderr } = downhillWith(['--size', '8192', '--tmpfs', out], path)
  expect(stderr).toMatch(/full\.ipynb: cannot be written \(ENOSPC\): the disk is full/)
  expect([status, stdout]).toEqual([1, ''])
})
