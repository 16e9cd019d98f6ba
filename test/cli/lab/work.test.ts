import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fillWork } from '../../../cli/lab/work.js'

let folder: string
let notebooks: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downhill-work-'))
  notebooks = join(folder, 'notebooks')
  mkdirSync(notebooks)
  for (const name of ['01.ipynb', '02.ipynb', 'README.md'])
    writeFileSync(join(notebooks, name), `new ${name}`)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('an empty folder gets every notebook, and nothing else', async () => {
  const work = join(folder, 'deep', 'work')
  expect(await fillWork(notebooks, work)).toEqual(['01.ipynb', '02.ipynb'])
  expect(readdirSync(work)).toEqual(['01.ipynb', '02.ipynb'])
  expect(readFileSync(join(work, '01.ipynb'), 'utf8')).toBe('new 01.ipynb')
})

test('what a learner has is never overwritten', async () => {
  const work = join(folder, 'work')
  mkdirSync(work)
  writeFileSync(join(work, '01.ipynb'), 'my answers')
  expect(await fillWork(notebooks, work)).toEqual(['02.ipynb'])
  expect(readFileSync(join(work, '01.ipynb'), 'utf8')).toBe('my answers')
  expect(await fillWork(notebooks, work)).toEqual([])
})

test('a folder that cannot be made is one line with the way out', async () => {
  const work = join(notebooks, 'README.md', 'work')
  await expect(fillWork(notebooks, work)).rejects.toThrow(
    `${work}: cannot be written (ENOTDIR): a part of the path is a file; name a folder of yours: downhill lab DIR`,
  )
})
