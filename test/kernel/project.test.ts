import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KernelClient, resultText } from '../support/kernel-client.js'
import { onEachNode } from '../support/node24.js'
import { folderWith, notebook, writeInto } from '../support/notebook.js'

/** A project as people have one: comments, a trailing comma, options in a package and in a file above. */
const configDir = '$' + '{configDir}' // TypeScript's own variable, no template
const files = {
  'book/tsconfig.json': `{
  // what all our code has
  "extends": ["strict-ish/base", "../shared/tsconfig.base.json"],
  "compilerOptions": {
    "experimentalDecorators": true, /* as our framework wants it */
    "emitDecoratorMetadata": true,
    "target": "es2020",
    "jsx": "react-jsx",
    "jsxImportSource": "tiny",
  },
  "include": ["src"],
}`,
  'book/node_modules/strict-ish/base.json':
    '{ "compilerOptions": { "strict": false, "paths": { "gone/*": ["./no"] } } }',
  'shared/tsconfig.base.json': `{ "compilerOptions": { "paths": { "@/*": ["./lib/*"], "@/far/*": ["${configDir}/far/*"], "exact": ["./lib/one.ts"] } } }`,
  'shared/lib/one.ts':
    "import { inner } from '@/deep/inner'\nexport const one = (): string => 'one '.concat(inner)",
  'shared/lib/deep/inner.ts': "export const inner: string = 'inner'",
  'book/far/away.ts': "export const away = 'away'",
  'book/view.tsx': 'export const view = <b title="t">{1 + 1}</b>',
  'book/node_modules/tiny/package.json':
    '{ "name": "tiny", "exports": { "./jsx-runtime": "./jsx.js" }, "type": "module" }',
  'book/node_modules/tiny/jsx.js': 'export const jsx = (type, props) => ({ type, ...props })',
  'book/fields.ts': `class Base { constructor() { this.set() } set() {} }
export class Field extends Base { declare seen: string; kept?: number; set() { this.kept = 5 } }`,
  'book/tagged.ts': `const tags: string[] = []
const tag = (name: string) => (_target: object, key: string, index?: unknown) => void tags.push([name, key, typeof index].join(' '))
export class Tagged { @tag('field') a = 1; @tag('method') m() {} }
export const all = () => tags`,
}

onEachNode("a project's own tsconfig.json", (node) => {
  let root: string
  let kernel: KernelClient
  beforeAll(async () => {
    root = folderWith(files)
    kernel = await KernelClient.start({ node, cwd: join(root, 'book'), types: 'error' })
  })
  afterAll(async () => {
    await kernel.close()
    rmSync(root, { recursive: true, force: true })
    expect(kernel.stderr).toBe('')
  })
  const run = async (code: string) => {
    const { reply, messages } = await kernel.execute(code)
    if (reply.status === 'error') throw new Error((reply.traceback as string[]).join('\n'))
    return resultText(messages)
  }

  test.each([
    ['paths', "import { one } from '@/one'\none()", "'one inner'"],
    ['an exact path', "import { one as exact } from 'exact'\nexact()", "'one inner'"],
    ['the longest pattern', "import { away } from '@/far/away'\naway", "'away'"],
    ['paths in import()', "(await import('@/deep/inner')).inner", "'inner'"],
    ['strict: false', 'const text: string = null\ntext', 'null'],
    [
      'legacy decorators in a cell, with metadata',
      `const seen: unknown[] = [];
(Reflect as any).metadata = (key: string, value: unknown) => () => void seen.push([key, (value as Function)?.name])
const log = (target: object, key: string) => void seen.push([target.constructor.name, key])
class Form { @log name: string = 'x' }
seen`,
      "[ [ 'design:type', 'String' ], [ 'Form', 'name' ] ]",
    ],
    [
      'legacy decorators in a file',
      "import { all } from './tagged'\nall()",
      "[ 'field a undefined', 'method m object' ]",
    ],
    ["an older target's class fields", "import { Field } from './fields'\nnew Field().kept", '5'],
    [
      'JSX of .tsx files',
      "import { view } from './view'\nview",
      "{ type: 'b', title: 't', children: 2 }",
    ],
  ])('%s', async (_, code, shown) => {
    expect(await run(code)).toBe(shown)
  })

  test('a file behind a path is loaded again when it changed', async () => {
    writeInto(root, 'shared/lib/deep/inner.ts', "export const inner: string = 'changed'")
    expect(await run("import { one as again } from '@/one'\nagain()")).toBe("'one changed'")
  })

  test('what paths name and is not there is an error with a way out', async () => {
    const { reply } = await kernel.execute("import { x } from '@/missing'")
    expect(reply.evalue).toMatch(/Cannot find module '@\/missing'/)
  })
})

test.each([
  ['{ "compilerOptions": { "strict": fals } }', 'is not JSON (Identifier is no value)'],
  ['{ "extends": "./base.json" }', 'base.json, which is not there'],
  ['{ "extends": "@tsconfig/node20" }', 'it extends @tsconfig/node20, which is not installed'],
])('%s is told at the first check, and the cell is checked without it', async (text, told) => {
  const { check } = notebook(folderWith({ 'tsconfig.json': text }))
  const [note, error] = await check('const text: string = 1')
  expect(note).toContain('tsconfig.json is not used: ')
  expect(note).toContain(told)
  expect(error).toContain('TS2322')
  expect(await check('const text: string = 1')).toHaveLength(1)
})
