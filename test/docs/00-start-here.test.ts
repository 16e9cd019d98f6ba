import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ICodeCell, INotebookContent } from '@jupyterlab/nbformat'
import { expect, test } from 'vitest'
import { openHost } from '../../classroom/client/host.js'
import { packageRoot } from '../../cli/root.js'
import { kernelName } from '../../kernel/install/spec.js'
import { guides, lessons } from '../../lessons/manifest.js'
import { useGuide } from '../support/guide.js'

const { notebook, folder, shownBy } = useGuide('start')
const text = (part: string | string[]) => (Array.isArray(part) ? part.join('') : part)
const pageText = notebook.cells.map(({ source }) => text(source)).join('\n')
const pointsOf = (all: readonly { visible: number }[]) =>
  all.reduce((sum, { visible }) => sum + visible, 0)

test('the table names each lesson with its file, its title and its points, in the order of the course', () => {
  const rows = [...pageText.matchAll(/^\| (\S+) \| \[(.+?)\]\((.+?)\.ipynb\) \|.+\| (\d+) \|$/gm)]
  expect(rows.map(([, ...cells]) => cells)).toEqual(
    lessons.map(({ id, title, folder, exercises }) => [
      id,
      title,
      folder,
      String(pointsOf(exercises)),
    ]),
  )
})

test.each(lessons)('lesson $id ends with links: the next one, this page, the glossary', (one) => {
  const source = readFileSync(join(packageRoot, 'lessons', one.folder, 'lesson.ts'), 'utf8')
  const end = source.split('// %% [markdown]').at(-1)
  const next = lessons[lessons.indexOf(one) + 1]
  if (next)
    expect(end).toMatch(new RegExp(`\\*\\*On to \\[[^\\]]+\\]\\(${next.folder}\\.ipynb\\):`))
  for (const file of ['00-start-here', 'glossary']) expect(end).toContain(`(${file}.ipynb)`)
})

test('the other guides are linked', () => {
  for (const guide of guides.filter(({ id }) => id !== 'start'))
    expect(pageText).toContain(`(${guide.folder}.ipynb)`)
})

test('in a folder without lessons there are no points, and no error', () => {
  expect(shownBy('points')[0]!['text/plain']).toContain('Your points so far: 0 of 0')
})

test('points are read from saved notebooks: checks that showed some, and checks that have not run', async () => {
  const [first, second] = ['01-three-adam-steps.ipynb', '02-gradient-clipping.ipynb'] as const
  const read = (name: string): INotebookContent =>
    JSON.parse(readFileSync(join(packageRoot, 'notebooks', name), 'utf8'))
  const done = read(first)
  const shown = {
    output_type: 'execute_result',
    execution_count: 1,
    metadata: {},
    data: { 'text/plain': '3' },
  }
  const check = done.cells.find(({ id }) => id === 'adam-step') as ICodeCell
  check.outputs = [shown]
  writeFileSync(join(folder, first), JSON.stringify(done))
  copyFileSync(join(packageRoot, 'notebooks', second), join(folder, second))

  const host = await openHost()
  try {
    const session = await host.start({ kernel: kernelName, cwd: folder })
    const source = notebook.cells.find(({ id }) => id === 'points')!.source
    const { outputs } = await session.execute(text(source), { timeout: 60_000 })
    const table = JSON.stringify(outputs)
    expect(table).toContain('Your points so far: 3 of 10')
    expect(table).toMatch(/01-three-adam-steps +3 +4 +1 of 1 run/)
    expect(table).toMatch(/02-gradient-clipping +0 +6 +0 of 2 run/)
    await session.shutdown()
  } finally {
    await host.dispose()
  }
}, 120_000)
