import { readFileSync } from 'node:fs'
import * as downhill from 'downhill'
import { expect, test } from 'vitest'
import { shown, valueIn } from '../support/examples.js'

const page = readFileSync(new URL('../../docs/conventions.md', import.meta.url), 'utf8')
const errata = page.slice(page.indexOf('## Errata'))

const lines = Array.from(
  errata.matchAll(/^\| `([^`]+)` +\| `([^`]+)` +\| (.+?) +\|$/gm),
  ([, code, gives, printed]) => ({ code: code!, gives: gives!, printed: printed! }),
)

test('every line of the errata has its number', () => {
  expect(lines.length).toBe(Array.from(errata.matchAll(/^\| `/gm)).length)
  expect(lines.length).toBeGreaterThanOrEqual(10)
})

test.each(lines)('$printed: $gives', async ({ code, gives }) => {
  const body = `return (async () => (${code.replaceAll('!', '')}))()`
  const value = await new Function(...Object.keys(downhill), body)(...Object.values(downhill))
  const promised = valueIn(gives)!
  expect(shown(value, promised.value, promised.open)).toEqual(
    shown(promised.value, promised.value, false),
  )
})

/** Optimizers that the page's list calls by other names than the library's. */
const names = { 'Schedule-free': 'scheduleFree' } as Record<string, string>

test('the optimizers of the list are there, with the options that it names', () => {
  const list = Array.from(page.matchAll(/^\| \*\*([\w-]+)\*\* +\| (.*) \|$/gm))
  expect(list.length).toBeGreaterThanOrEqual(13)
  for (const [, title, text] of list) {
    const name = names[title!] ?? title!.toLowerCase()
    const make = (downhill as unknown as Record<string, { compiler?: { spec: object } }>)[name]
    expect(make, name).toBeTypeOf('function')
    if (!make!.compiler) continue
    for (const [, option] of text!.matchAll(/`(\w+)(?:: [^`]+)?`/g))
      expect(make!.compiler.spec, `${name}: ${option}`).toHaveProperty(option!)
  }
})
