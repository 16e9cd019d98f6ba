import { spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { notebookText } from '../../classroom/notebook/index.js'
import { testWith } from '../support/need.js'
import { submission } from '../support/submission.js'
import { samples } from '../support/submissions.js'

/** Kernels start and time out here, on machines that may be busy. */
vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'grade-cli-'))
const out = join(folder, 'out')
afterAll(() => rmSync(folder, { recursive: true }))

function downhill(args: string[], env: NodeJS.ProcessEnv = process.env) {
  return spawnSync(process.execPath, ['dist/cli/main.js', 'grade', ...args], {
    encoding: 'utf8',
    env,
  })
}

test.each(Object.entries(samples))(
  'the sample %s.ipynb is what the lesson gives',
  async (name, make) => {
    const path = `../support/submissions/${name}.ipynb`
    await expect(notebookText(make())).toMatchFileSnapshot(path)
  },
)

testWith(
  ['bubblewrap'],
  'right, wrong and endless: full marks, some with reasons, none for the loop',
  () => {
    const args = [
      'test/support/submissions',
      '--lesson',
      '02',
      '--out',
      out,
      '--timeout',
      '9',
      '--json',
    ]
    const { status, stdout, stderr } = downhill(args)
    expect(stderr.split('\n').sort()).toEqual([
      '',
      `3 marked, gradebook in ${out}/gradebook.csv`,
      expect.stringMatching(/^loop: 10 of 15 \(\d+\.\d s\)$/),
      expect.stringMatching(/^right: 15 of 15 \(\d+\.\d s\)$/),
      expect.stringMatching(/^wrong: 5 of 15 \(\d+\.\d s\)$/),
    ])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject([
      { student: 'loop', points: 10, isolation: 'bubblewrap' },
      { student: 'right', points: 15 },
      { student: 'wrong', points: 5 },
    ])
    expect(readFileSync(join(out, 'gradebook.csv'), 'utf8').split('\n')).toEqual([
      'student,clip-by-value,clip-by-norm,total,max,flags',
      'loop,0,10,10,15,',
      'right,5,10,15,15,',
      'wrong,2,3,5,15,',
      '',
    ])
    const page = (student: string) => readFileSync(join(out, 'feedback', `${student}.html`), 'utf8')
    expect(page('loop')).toContain('NoAnswer: took too long and was interrupted')
    expect(page('wrong')).toContain('Hint: ')
    expect(page('right')).not.toContain('✗')

    const again = downhill([...args.slice(0, -1), '--csv', join(folder, 'marks.csv')])
    expect(again.stderr).toMatch(/^loop: 10 of 15 \(as before\)$/m)
    expect(readFileSync(join(folder, 'marks.csv'), 'utf8')).toContain('wrong,2,3,5,15,')
  },
)

testWith(
  ['bubblewrap'],
  'what is no notebook of this course gets a row, a reason and no points',
  () => {
    const dir = join(folder, 'odd')
    mkdirSync(join(dir, 'two'), { recursive: true })
    mkdirSync(join(dir, 'empty'))
    for (const name of ['a.ipynb', 'b.ipynb']) writeFileSync(join(dir, 'two', name), '{}')
    writeFileSync(join(dir, 'junk.ipynb'), 'hello')
    writeFileSync(join(dir, 'first.ipynb'), notebookText(submission('01')))
    writeFileSync(join(dir, '=cmd.ipynb'), notebookText({ ...samples.right(), cells: [] }))
    const long = 'ü'.repeat(124)
    mkdirSync(join(dir, long))
    for (const name of ['large', 'piped']) {
      mkdirSync(join(dir, name))
      writeFileSync(join(dir, name, 'a.ipynb'), notebookText({ ...samples.right(), cells: [] }))
    }
    closeSync(openSync(join(dir, 'large', 'data'), 'w'))
    truncateSync(join(dir, 'large', 'data'), 5e9)
    spawnSync('mkfifo', [join(dir, 'piped', 'data')])
    const other = { name: 'x', display_name: '', language: '\u001b[31mx;=1+1' }
    writeFileSync(
      join(dir, 'other.ipynb'),
      notebookText({ ...samples.right(), metadata: { kernelspec: other } }),
    )
    const { status, stderr } = downhill([dir, '--lesson', '02'])
    expect(status, stderr).toBe(0)
    expect(stderr).not.toContain('\u001b')
    expect(readFileSync(`${dir}-grades/gradebook.csv`, 'utf8').split('\n')).toEqual([
      'student,clip-by-value,clip-by-norm,total,max,flags',
      `'=cmd,0,0,0,15,"check ""clip-by-value"" was deleted; check ""clip-by-norm"" was deleted"`,
      'empty,0,0,0,15,no notebook in the folder',
      'first,0,0,0,15,it holds other exercises than this lesson: is it the notebook of another one?',
      'junk,0,0,0,15,not a notebook (it is not JSON); give a file that Jupyter saved as .ipynb',
      'large,0,0,0,15,more than 100 MB were handed in',
      `other,0,0,0,15,"a notebook of  [31mx;'=1+1; Downhill runs TypeScript notebooks, choose its kernel in Jupyter first"`,
      'piped,0,0,0,15,"check ""clip-by-value"" was deleted; check ""clip-by-norm"" was deleted"',
      'two,0,0,0,15,several notebooks in the folder',
      `${long},0,0,0,15,no notebook in the folder`,
      '',
    ])
  },
)

testWith(
  ['bubblewrap'],
  'files handed in beside the notebook can be read, and links lead nowhere',
  () => {
    const student = join(folder, 'folders', 'ann')
    mkdirSync(student, { recursive: true })
    writeFileSync(join(student, 'limit.json'), '[1]')
    spawnSync('ln', ['-s', '/etc/passwd', join(student, 'link.txt')])
    const notebook = samples.right()
    const reading =
      "import { readdirSync } from 'node:fs'\nthrow new Error(readdirSync('.').filter((f) => !f.startsWith('.')).join())"
    notebook.cells.push({ ...notebook.cells[0]!, id: 'reading', source: reading })
    writeFileSync(join(student, 'any-name.ipynb'), notebookText(notebook))
    // As it is usually typed: not from the root of the file system.
    const dir = relative(process.cwd(), join(folder, 'folders'))
    const { stdout, stderr } = downhill([dir, '--lesson', '02', '--json'])
    const found = { student: 'ann', points: 15, cells: [{ cell: 6, what: 'Error: limit.json' }] }
    expect(JSON.parse(stdout), stderr).toMatchObject([found])
  },
)

testWith(
  ['bubblewrap'],
  'a file that was open where it was started is not open in the sandbox',
  () => {
    const dir = join(folder, 'open')
    mkdirSync(dir)
    writeFileSync(join(dir, 'secret.txt'), 'of the teacher')
    const look = `import { readdirSync, readlinkSync } from 'node:fs'
const files = readdirSync('/proc/' + process.ppid + '/fd').map((n) => {
  try { return readlinkSync('/proc/' + process.ppid + '/fd/' + n) } catch { return '' }
})
throw new Error('open: ' + files.filter((file) => file.endsWith('.txt')).join())`
    writeFileSync(join(dir, 'ann.ipynb'), notebookText(submission('02', { after: [look] })))
    const secret = openSync(join(dir, 'secret.txt'), 'r')
    const stdio = ['ignore', 'pipe', 'pipe', ...Array(40).fill('ignore'), secret]
    const args = ['dist/cli/main.js', 'grade', dir, '--lesson', '02', '--json']
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', stdio })
    closeSync(secret)
    const found = { points: 15, cells: [{ cell: 6, what: 'Error: open: ' }] }
    expect(JSON.parse(stdout), stderr).toMatchObject([found])
  },
)

const refusals: [name: string, args: string[], message: RegExp][] = [
  ['an unknown lesson', [folder, '--lesson', '99'], /^downhill: no lesson "99"; there are 01 \(/],
  [
    'a missing folder',
    ['nowhere', '--lesson', '02'],
    /^downhill: nowhere: cannot be read \(ENOENT\): no such file or folder; give/,
  ],
  [
    'an empty folder',
    ['test/lessons', '--lesson', '02'],
    /^downhill: test\/lessons: no submissions; it/,
  ],
  [
    'notebooks of one lesson, which is not named',
    ['test/support/submissions'],
    /^downhill: test\/support\/submissions: nothing to mark; without --lesson it.* --lesson 01$/m,
  ],
  [
    'a seed for a whole course',
    [folder, '--seed', '7'],
    /^downhill: grade: --seed repeats the run of one lesson, .*: --lesson ID$/m,
  ],
  [
    'results of a course among its submissions',
    [folder, '--out', join(folder, 'marks')],
    /^downhill: grade: .* lies in .*; choose another place with --out$/m,
  ],
  [
    'a server that is not there',
    ['test/support/submissions', '--lesson', '02', '--server', 'http://127.0.0.1:9'],
    /^downhill: cannot use http:\/\/127\.0\.0\.1:9\/ \(/,
  ],
  [
    'a server and no sandbox',
    ['test/support/submissions', '--lesson', '02', '--server', 'http://h', '--unsafe'],
    /^downhill: grade: --server or --unsafe, not both/,
  ],
  [
    'a file where the results should go',
    ['test/support/submissions', '--lesson', '02', '--unsafe', '--out', 'package.json'],
    /^downhill: package\.json\/results: cannot be written \(ENOTDIR\): a part of the path is a file; choose/,
  ],
]

test.each(refusals)('%s: one line that says what to do', (_name, args, message) => {
  const { status, stdout, stderr } = downhill(args)
  expect(stderr).toMatch(message)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect([status, stdout]).toEqual([1, ''])
})

test('of a name in an error a terminal gets nothing to obey', () => {
  const [dir, name] = [join(folder, 'obeyed'), '\u001b[31mann']
  mkdirSync(join(dir, name), { recursive: true })
  writeFileSync(join(dir, `${name}.ipynb`), '')
  const { status, stderr } = downhill([dir, '--lesson', '02'])
  expect(stderr).toMatch(/: "\?\[31mann" handed in a notebook and a folder; remove one of them\n$/)
  expect(status).toBe(1)
})

test('without bubblewrap it refuses and names the ways out', () => {
  const args = ['test/support/submissions', '--lesson', '02', '--out', join(folder, 'none')]
  const { status, stderr } = downhill(args, { ...process.env, PATH: '/nowhere' })
  expect(stderr).toMatch(
    /bubblewrap, which cannot be used: it is not installed: apt-get install bubblewrap/,
  )
  expect(stderr).toMatch(/--server URL.*--unsafe/)
  expect(status).toBe(1)
})

test('--unsafe grades without it, and the result says so', () => {
  const dir = join(folder, 'unsafe')
  mkdirSync(dir)
  writeFileSync(join(dir, 'ann.ipynb'), notebookText(samples.right()))
  const args = [dir, '--lesson', '02', '--unsafe', '--json']
  const { stdout, stderr } = downhill(args, { ...process.env, PATH: '/nowhere' })
  expect(JSON.parse(stdout), stderr).toMatchObject([{ points: 15, isolation: 'no sandbox' }])
})

/** The command, started but not waited for, with temporary files of its own. */
function startGrading(dir: string) {
  const temporary = mkdtempSync(join(folder, 'tmp-'))
  const args = [
    'dist/cli/main.js',
    'grade',
    dir,
    '--lesson',
    '02',
    '--jobs',
    '1',
    '--timeout',
    '300',
  ]
  const child = spawn(process.execPath, args, { env: { ...process.env, TMPDIR: temporary } })
  const first = new Promise((resolve) => child.stderr.once('data', resolve))
  const ended = new Promise((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  )
  /** Everything that was started to grade names its folder of sockets. */
  const running = () =>
    spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).stdout.split(`${temporary}/dh-`).length -
    1
  // bubblewrap names it three times and has two processes; the seventh is the kernel's, in the sandbox.
  const started = () => expect.poll(running, { interval: 5, timeout: 60_000 }).toBe(7)
  return { child, first, ended, running, started, left: () => readdirSync(temporary) }
}

testWith(
  ['bubblewrap'],
  'cut short it leaves nothing running, and goes on where it was',
  async () => {
    const dir = join(folder, 'cut')
    mkdirSync(dir)
    writeFileSync(join(dir, 'a.ipynb'), notebookText(samples.right()))
    writeFileSync(join(dir, 'b.ipynb'), notebookText(samples.loop()))

    const interrupted = startGrading(dir)
    await interrupted.first // a is marked; b will loop for a while
    await interrupted.started()
    interrupted.child.kill('SIGINT')
    expect(await interrupted.ended).toBe(130)
    await expect.poll(interrupted.running).toBe(0)
    expect(interrupted.left()).toEqual([])

    const killed = startGrading(dir)
    expect(String(await killed.first)).toBe('a: 15 of 15 (as before)\n')
    await killed.started()
    killed.child.kill('SIGKILL')
    expect(await killed.ended).toBe('SIGKILL')
    await expect.poll(killed.running).toBe(0)
  },
  240_000,
)

testWith(
  ['bubblewrap'],
  'a late submission draws as the others did, a second one of the same student anew',
  () => {
    const dir = join(folder, 'late')
    mkdirSync(dir)
    const hand = (student: string, made: ReturnType<typeof samples.right>) =>
      writeFileSync(join(dir, `${student}.ipynb`), notebookText(made))
    const seedsOf = (...more: string[]) => {
      const { stdout } = downhill([dir, '--lesson', '02', '--json', ...more])
      const marks = JSON.parse(stdout) as { student: string; seed: number }[]
      return Object.fromEntries(marks.map(({ student, seed }) => [student, seed]))
    }
    hand('ann', samples.right())
    hand('bob', samples.wrong())
    const { ann, bob } = seedsOf()
    expect(bob).toBe(ann)
    hand('bob', samples.right())
    hand('late', samples.right())
    const again = seedsOf()
    expect(again).toMatchObject({ ann, late: ann })
    expect(again.bob).not.toBe(ann)
    expect(seedsOf('--regrade').ann).not.toBe(ann)
    expect(seedsOf('--regrade', '--seed', '7')).toEqual({ ann: 7, bob: 7, late: 7 })
  },
)
