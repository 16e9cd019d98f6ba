import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { notebookText, readNotebook, writeNotebook } from '../../../classroom/notebook/file.js'
import { stripOutputs } from '../../../classroom/notebook/outputs.js'
import { UserError } from '../../../src/host/user-error.js'

const folder = mkdtempSync(join(tmpdir(), 'downhill-notebook-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    kernelspec: { name: 'downhill', language: 'typescript', display_name: 'TypeScript' },
  },
  cells: [
    { cell_type: 'markdown', id: 'a', metadata: {}, source: ['# Title\n', 'text'] },
    {
      cell_type: 'code',
      id: 'b',
      metadata: {},
      execution_count: 1,
      source: 'x\ny\n',
      outputs: [
        { output_type: 'stream', name: 'stdout', text: ['1\n', '2'] },
        {
          output_type: 'display_data',
          metadata: {},
          data: { 'text/plain': ['a\n', 'b'], 'application/json': ['a', 'b'] },
        },
      ],
    },
  ],
}

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

test('reads texts as one string, and JSON contents as they are', () => {
  const { cells } = readNotebook(file('good.ipynb', notebook))
  expect(cells[0]!.source).toBe('# Title\ntext')
  expect(cells[1]!.outputs).toEqual([
    { output_type: 'stream', name: 'stdout', text: '1\n2' },
    {
      output_type: 'display_data',
      metadata: {},
      data: { 'text/plain': 'a\nb', 'application/json': ['a', 'b'] },
    },
  ])
})

test('writes as Jupyter does, and what was written reads the same', async () => {
  const read = readNotebook(file('good.ipynb', notebook))
  const path = join(folder, 'copy.ipynb')
  await writeNotebook(path, read)
  expect(readNotebook(path)).toEqual(read)
  const text = readFileSync(path, 'utf8')
  expect(text).toBe(notebookText(read))
  expect(text.startsWith('{\n "cells": [\n  {\n   "cell_type": "markdown",')).toBe(true)
  expect(text).toContain('    "# Title\\n",\n    "text"\n')
  expect(text.endsWith('}\n')).toBe(true)
  expect(JSON.parse(text).cells[1].source).toEqual(['x\n', 'y\n'])
})

test('stripping takes outputs and counts away and nothing else', () => {
  const read = readNotebook(file('good.ipynb', notebook))
  const { cells, ...rest } = stripOutputs(read)
  expect(cells[1]).toEqual({ ...read.cells[1], outputs: [], execution_count: null })
  expect(cells[0]).toEqual(read.cells[0])
  expect({ ...rest, cells: read.cells }).toEqual(read)
})

const python = { ...notebook, metadata: { kernelspec: { name: 'python3', language: 'python' } } }

test.each([
  ['text.ipynb', 'no notebook', 'not a notebook (it is not JSON)'],
  ['list.ipynb', '[]', 'not a notebook (it has no list of cells)'],
  ['null.ipynb', 'null', 'not a notebook'],
  ['old.ipynb', { ...notebook, nbformat: 3 }, 'nbformat must be 4, got 3'],
  ['cell.ipynb', { ...notebook, cells: [null] }, 'cell 1 is not an object'],
  [
    'type.ipynb',
    { ...notebook, cells: [{ cell_type: 'x', source: '' }] },
    'cell 1 has an unknown cell_type',
  ],
  [
    'source.ipynb',
    { ...notebook, cells: [{ cell_type: 'raw', source: 3 }] },
    'cell 1 has no source',
  ],
  [
    'outputs.ipynb',
    { ...notebook, cells: [{ cell_type: 'code', source: '', outputs: [7] }] },
    'cell 1 has no list of outputs',
  ],
  ['python.ipynb', python, 'a notebook of python; Downhill runs TypeScript notebooks'],
])('%s is refused in one line that says what to do', (name, content, message) => {
  const path = file(name, content)
  expect(() => readNotebook(path)).toThrow(UserError)
  expect(() => readNotebook(path)).toThrow(`${path}: `)
  expect(() => readNotebook(path)).toThrow(message)
})

test('a missing file and a folder are refused with a way out', () => {
  expect(() => readNotebook(join(folder, 'none.ipynb'))).toThrow(
    'cannot be read (ENOENT): no such file',
  )
  expect(() => readNotebook(folder)).toThrow('(EISDIR): it is a folder')
})

test('another language is read when it is asked for; tslab and JavaScript notebooks always', () => {
  expect(readNotebook(file('python.ipynb', python), { anyLanguage: true }).cells.length).toBe(2)
  const js = { ...notebook, metadata: { language_info: { name: 'javascript' } } }
  expect(readNotebook(file('js.ipynb', js)).cells.length).toBe(2)
})

test('a file that cannot be written leaves no half of one', async () => {
  const read = readNotebook(file('good.ipynb', notebook))
  const closed = join(folder, 'closed') // a folder where the file should be
  mkdirSync(closed)
  await expect(writeNotebook(join(folder, 'none', 'x.ipynb'), read)).rejects.toThrow(
    'cannot be written (ENOENT)',
  )
  await expect(writeNotebook(closed, read)).rejects.toThrow(UserError)
  expect(readdirSync(folder).filter((name) => name.startsWith('closed'))).toEqual(['closed'])
  expect(readdirSync(closed)).toEqual([])
})
