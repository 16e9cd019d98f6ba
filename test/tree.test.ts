import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { longest } from './support/sequencer.js'

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter(Boolean)

test('no folder of the sources is deeper than three', () => {
  const deep = tracked.filter(
    (path) => /^(cli|classroom|kernel|src|lessons|test)\//.test(path) && path.split('/').length > 4,
  )
  expect(deep).toEqual([])
})

test('every dependency is named in ARCHITECTURE with its reason', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
  const text = readFileSync('ARCHITECTURE.md', 'utf8')
  const missing = Object.keys({ ...dependencies, ...devDependencies }).filter(
    (name) => !text.includes(`\`${name}\``) && !name.startsWith('@types/'),
  )
  expect(missing).toEqual([])
})

test('the test files that are to start first are there', () => {
  expect(longest.filter((path) => !tracked.includes(path))).toEqual([])
})
