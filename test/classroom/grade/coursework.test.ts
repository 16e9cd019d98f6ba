import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { openHost } from '../../../classroom/client/index.js'
import {
  type Coursework,
  findCoursework,
  gradeCoursework,
  inTurns,
  loadCourse,
  type Turns,
} from '../../../classroom/grade/index.js'
import { notebookText } from '../../../classroom/notebook/index.js'
import { packageRoot } from '../../../cli/root.js'
import { testWith } from '../../support/need.js'
import { submission } from '../../support/submission.js'
import { samples } from '../../support/submissions.js'

vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'course-'))
afterAll(() => rmSync(folder, { recursive: true }))

const [first, second] = ['01-three-adam-steps', '02-gradient-clipping'] as const
const adam = notebookText(submission('01'))
const clip = notebookText(samples.right())

/** A new folder with these files in it. */
function handedIn(files: Record<string, string>): string {
  const dir = mkdtempSync(join(folder, 'in-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  return dir
}

const course = loadCourse(packageRoot)
const find = async (dir: string) => findCoursework(dir, await course)

/** Lesson → student → what is marked of it: a file's name, or why there is none. */
const summary = ({ lessons }: Coursework) =>
  Object.fromEntries(
    lessons.map(({ lesson, submissions }) => [
      lesson.entry.id,
      Object.fromEntries(
        submissions.map(({ student, path, problem }) => [student, path ? basename(path) : problem]),
      ),
    ]),
  )

test('in a folder a student: a notebook is of the lesson of its name, else of the one whose exercises it holds', async () => {
  const mixed = { ...samples.right(), cells: [...samples.right().cells, ...submission('01').cells] }
  const dir = handedIn({
    [`ann/${first}.ipynb`]: adam,
    [`ann/${second}.ipynb`]: adam,
    'bob/my homework (1).ipynb': clip,
    'bob/both.ipynb': notebookText(mixed),
    'bob/scratch.ipynb': notebookText({ ...samples.right(), cells: [] }),
    'two/a.ipynb': clip,
    'two/b.ipynb': clip,
    [`two-named/${second}.ipynb`]: clip,
    'two-named/copy.ipynb': clip,
  })
  const found = await find(dir)
  expect(summary(found)).toEqual({
    '01': { ann: `${first}.ipynb` },
    '02': {
      ann: `${second}.ipynb`, // and will be flagged
      bob: 'my homework (1).ipynb',
      two: 'several notebooks in the folder',
      'two-named': `${second}.ipynb`,
    },
  })
  const unclear = 'neither name nor exercises say which lesson it is'
  expect(found.students).toMatchObject([
    { student: 'ann', left: [] },
    { student: 'bob', left: [`both.ipynb: ${unclear}`, `scratch.ipynb: ${unclear}`] },
    { student: 'two', left: [] },
    { student: 'two-named', left: [`copy.ipynb: ${second}.ipynb is there too, and is marked`] },
  ])
})

test('in the folder of a student a folder may stand for a lesson, as nbgrader has it', async () => {
  const dir = handedIn({
    [`ann/${first}/${first}.ipynb`]: adam,
    [`ann/${first}/data.csv`]: '1',
    [`ann/${second}/any name.ipynb`]: clip,
    [`bob/${second}.ipynb`]: clip,
    [`bob/${second}/${second}.ipynb`]: clip,
    [`bob/${first}/readme.md`]: '',
    'bob/notes.txt': '',
  })
  mkdirSync(join(dir, 'ann', '03-warmup-cosine'))
  const given = join(packageRoot, 'notebooks', '03-warmup-cosine.ipynb')
  copyFileSync(given, join(dir, 'ann', '03-warmup-cosine', '03-warmup-cosine.ipynb'))
  const found = await find(dir)
  expect(summary(found)).toEqual({
    '01': { ann: `${first}.ipynb`, bob: 'no notebook in the folder' },
    '02': { ann: 'any name.ipynb', bob: `${second}.ipynb` },
  })
  const besides = found.lessons.map(({ submissions }) => submissions.map(({ beside }) => beside))
  expect(besides).toEqual([
    [[join(dir, 'ann', first, 'data.csv')], []],
    [[], [join(dir, 'bob', 'notes.txt')]],
  ])
  expect(found.untouched).toBe(1)
  expect(found.students.map(({ left }) => left)).toEqual([
    [],
    [`${second}/: a notebook of this lesson lies beside it, and is marked`],
  ])
})

test('a notebook whose code nobody touched is not handed in, and other notebooks do not lie beside it', async () => {
  const dir = handedIn({ [`ann/${second}.ipynb`]: clip, 'ann/data.csv': '1' })
  const given = (name: string) => join(packageRoot, 'notebooks', `${name}.ipynb`)
  for (const name of [first, '00-start-here'])
    copyFileSync(given(name), join(dir, 'ann', `${name}.ipynb`))
  copyFileSync(given(second), join(dir, 'ann', 'as it came.ipynb'))
  const found = await find(dir)
  expect(summary(found)).toEqual({ '02': { ann: `${second}.ipynb` } })
  expect(found.lessons[0]!.submissions[0]!.beside).toEqual([join(dir, 'ann', 'data.csv')])
  expect([found.untouched, found.students[0]!.left]).toEqual([2, []])
})

test('links, pipes and folders are not read, and a huge notebook only by its name', async () => {
  const huge = clip + ' '.repeat(50e6)
  const dir = handedIn({
    [`ann/${first}.ipynb`]: adam,
    [`huge/${second}.ipynb`]: huge,
    'huge/other.ipynb': huge,
    'empty/readme.md': '',
    'loose.ipynb': clip,
    [`${second}-grades/gradebook.csv`]: '',
  })
  spawnSync('mkfifo', [join(dir, 'ann', `${second}.ipynb`), join(dir, 'ann', 'pipe.ipynb')])
  symlinkSync('/etc/passwd', join(dir, 'ann', '03-warmup-cosine.ipynb'))
  symlinkSync(join(dir, 'ann'), join(dir, 'zoe'))
  const found = await find(dir)
  expect(summary(found)).toEqual({
    '01': { ann: `${first}.ipynb` },
    '02': { huge: `${second}.ipynb` },
  })
  expect(found.left.sort()).toEqual([
    'loose.ipynb: lies in no folder',
    'zoe: a link, which is not followed',
  ])
  expect(found.students.map(({ student, left }) => [student, left.sort()])).toEqual([
    [
      'ann',
      [
        `${second}.ipynb: no plain file`,
        '03-warmup-cosine.ipynb: a link, which is not followed',
        'pipe.ipynb: no plain file',
      ],
    ],
    ['empty', ['no notebook in the folder']],
    ['huge', ['other.ipynb: neither name nor exercises say which lesson it is']],
  ])
})

test('in a folder a lesson the folder says which it is; the two layouts are not mixed', async () => {
  const dir = handedIn({
    [`${first}/bob.ipynb`]: adam,
    [`${first}/ann/any.ipynb`]: adam,
    [`${second}/ann/${first}.ipynb`]: adam,
    '03-warmup-cosine/readme.md': '',
    [`${second}-grades/gradebook.csv`]: '',
  })
  const found = await find(dir)
  expect(summary(found)).toEqual({
    '01': { ann: 'any.ipynb', bob: 'bob.ipynb' },
    '02': { ann: `${first}.ipynb` },
  })
  expect(found.students).toEqual([
    { student: 'ann', left: [] },
    { student: 'bob', left: [] },
  ])
  mkdirSync(join(dir, 'eve'))
  await expect(find(dir)).rejects.toThrow(
    /"01-three-adam-steps" is the folder of a lesson and "eve" is none/,
  )
})

test('of what holds nothing to mark it says why, as far as it can', async () => {
  const dir = handedIn({ 'ann/homework/deep.ipynb': adam })
  await expect(find(dir)).rejects.toThrow(
    /nothing to mark; .* NN-name\/STUDENT\.ipynb \(ann: no notebook in the folder\)\. All of one lesson\?/,
  )
  copyFileSync(join(packageRoot, 'notebooks', `${first}.ipynb`), join(dir, 'ann', `${first}.ipynb`))
  await expect(find(dir)).rejects.toThrow(
    /nothing to mark; no code was changed in any of its notebooks \(1\)$/,
  )
})

/** Marks notebooks that are none, for which no kernel is needed; `order` gets them as they are marked. */
async function markJunk(
  dir: string,
  { out, turns, order }: { out: string; turns: Turns; order: string[] },
): Promise<void> {
  const host = await openHost()
  try {
    await gradeCoursework(await find(dir), {
      host,
      packageRoot,
      sandboxed: false,
      times: { step: 1, call: 1, total: 1 },
      limits: { cpu: 1, memory: 1, files: 1, processes: 1 },
      out,
      turns,
      regrade: false,
      onGrade: ({ lesson, student }) => void order.push(`${lesson} ${student}`),
    })
  } finally {
    await host.dispose()
  }
}

test('all lessons wait in one queue', async () => {
  const dir = handedIn({
    [`ann/${first}.ipynb`]: 'junk',
    [`ann/${second}.ipynb`]: 'junk',
    [`bob/${second}.ipynb`]: 'junk',
  })
  const one = inTurns(1)
  let queued = 0
  const turns: Turns = (task) => {
    queued += 1
    return one(task)
  }
  const order: string[] = []
  await markJunk(dir, { out: join(dir, '..', 'queue'), turns, order })
  expect([queued, order]).toEqual([3, ['01 ann', '02 ann', '02 bob']])
})

test('where the results of one lesson have no place, none is marked', async () => {
  const dir = handedIn({ [`ann/${first}.ipynb`]: 'junk', [`ann/${second}.ipynb`]: 'junk' })
  const out = handedIn({ [second!]: 'a file' })
  const order: string[] = []
  const marking = markJunk(dir, { out, turns: inTurns(1), order })
  await expect(marking).rejects.toThrow(/02-gradient-clipping.*: cannot be written/)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(order).toEqual([])
})

testWith(
  ['bubblewrap'],
  'one call marks all lessons into one gradebook, and a second one only what changed',
  () => {
    const hostile = '=cmd, "x"\n\u001b[31m'
    const dir = handedIn({
      [`ann/${first}.ipynb`]: adam,
      [`ann/${second}.ipynb`]: notebookText(samples.wrong()),
      [`${hostile}/${second}.ipynb`]: clip,
      [`cy/${second}.ipynb`]: adam,
      'cy/notes.ipynb': 'hello',
    })
    const out = `${dir}-grades`
    const downhill = (...more: string[]) =>
      spawnSync(process.execPath, ['dist/cli/main.js', 'grade', dir, ...more], { encoding: 'utf8' })
    const { status, stdout, stderr } = downhill('--json')
    expect(stderr.split('\n').sort()).toEqual([
      '',
      expect.stringMatching(/^01 ann: 10 of 10 \(\d+\.\d s\)$/),
      expect.stringMatching(/^02 =cmd, "x"\?\?\[31m: 15 of 15 \(\d+\.\d s\)$/),
      expect.stringMatching(/^02 ann: 5 of 15 \(\d+\.\d s\)$/),
      expect.stringMatching(/^02 cy: 0 of 15 \(\d+\.\d s\); it holds other exercises/),
      `4 marked, gradebook in ${out}/gradebook.csv`,
      'not marked: cy: notes.ipynb: neither name nor exercises say which lesson it is',
      'notebooks to mark: 4, students: 3, lessons: 2',
    ])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject([
      { lesson: '01', student: 'ann', points: 10 },
      { lesson: '02', student: hostile, points: 15 },
      { lesson: '02', student: 'ann', points: 5 },
      { lesson: '02', student: 'cy', points: 0 },
    ])
    const book = readFileSync(join(out, 'gradebook.csv'), 'utf8')
    expect(book.split('\n')).toEqual([
      `student,${first},${second},total,max,flags`,
      `"'=cmd, ""x"" [31m",,15,15,25,`,
      'ann,10,5,15,25,',
      'cy,,0,0,25,02: it holds other exercises than this lesson: is it the notebook of another one?; not marked: notes.ipynb: neither name nor exercises say which lesson it is',
      '',
    ])
    const lesson = readFileSync(join(out, second, 'gradebook.csv'), 'utf8')
    expect(lesson).toContain('\nann,2,3,5,15,\n')
    const page = readFileSync(join(out, second, 'feedback', 'ann.html'), 'utf8')
    expect(page).toContain('Hint: ')

    // As after a run that was cut short, and with one lesson handed in again: the other one of this student stays.
    rmSync(join(out, second, 'results', 'cy.json'))
    rmSync(join(out, 'gradebook.csv'))
    writeFileSync(join(dir, 'ann', `${second}.ipynb`), clip)
    const again = downhill('--csv', join(folder, 'new', 'marks.csv')).stderr
    expect(again.match(/as before/g)).toHaveLength(2)
    expect(again).toMatch(/^01 ann: 10 of 10 \(as before\)$/m)
    expect(again).toMatch(/^02 ann: 15 of 15 \(\d/m)
    expect(readFileSync(join(folder, 'new', 'marks.csv'), 'utf8')).toBe(
      book.replace('ann,10,5,15,25,', 'ann,10,15,25,25,'),
    )
  },
)
