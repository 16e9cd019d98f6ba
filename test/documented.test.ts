import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../cli/root.js'

const sourceOf = (file: string): string => readFileSync(join(packageRoot, file), 'utf8')

/** Every name that a file hands on or declares for others, with the file that declares it. */
function* publicNames(file: string): Generator<{ name: string; file: string }> {
  const source = sourceOf(file)
  const beside = (path: string) => join(dirname(file), `${path}.ts`)
  for (const [, list, path] of source.matchAll(/^export (?:type )?\{([^}]*)\} from '(.*)\.js'/gm))
    for (const name of list!.match(/\b(?!type\b)\w+/g)!) yield { name, file: beside(path!) }
  for (const [, path] of source.matchAll(/^export \* from '(.*)\.js'/gm))
    yield* publicNames(beside(path!))
  for (const [, name] of source.matchAll(/^export const (\w+)/gm)) yield { name: name!, file }
}

const names = [...publicNames('src/index.ts')]

test('the list is that of the library', async () => {
  const values = Object.keys(await import('downhill'))
  expect(names.map(({ name }) => name)).toEqual(expect.arrayContaining(values))
})

test.each(names)('$name is documented where it is declared', ({ name, file }) => {
  const kinds = '(?:async function|function|const|class|interface|type)'
  expect(sourceOf(file)).toMatch(new RegExp(`\\*/\\nexport ${kinds} ${name}\\b`))
})

test('the version is the package’s', async () => {
  const { version } = await import('downhill')
  expect(version).toBe(JSON.parse(sourceOf('package.json')).version)
})
