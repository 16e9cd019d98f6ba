import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { hiddenExercises } from '../../../lessons/hidden.js'
import { visibleExercises } from '../../../lessons/visible.js'

test('the npm package holds no hidden check, in no file', () => {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const packed = execFileSync('npm', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [{ files }] = JSON.parse(packed) as [{ files: { path: string }[] }]
  const paths = files.map(({ path }) => path)
  expect(paths).toContain('dist/cli/main.js')
  expect(paths.filter((path) => /grader|^lessons/.test(path))).toEqual([])
  const rules = (all: typeof hiddenExercises) =>
    [...all.values()].flatMap(({ checks }) => checks.map(({ rule }) => rule))
  const known = rules(visibleExercises)
  const secret = rules(hiddenExercises).filter((rule) => !known.includes(rule))
  expect(secret.length).toBeGreaterThan(10)
  const text = paths.map((path) => unescaped(readFileSync(path, 'utf8')))
  expect(secret.filter((rule) => text.some((content) => content.includes(rule)))).toEqual([])
}, 120_000)

/** esbuild's output is ASCII, with the rest as escapes. */
const unescaped = (text: string): string =>
  text.replace(/\\(?:x([\dA-F]{2})|u([\dA-F]{4}))/gi, (_all, byte, word) =>
    String.fromCharCode(Number.parseInt(byte ?? word, 16)),
  )
