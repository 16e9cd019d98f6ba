import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { packageRoot } from '../cli/root.js'
import { KernelClient, streamed } from './support/kernel-client.js'

const pages = ['.', 'docs', 'bench'].flatMap((folder) =>
  readdirSync(join(packageRoot, folder), { recursive: folder !== '.', encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
)
const textOf = (page: string): string => readFileSync(join(packageRoot, page), 'utf8')
const isThere = (path: string): boolean => existsSync(join(packageRoot, path))

test.each(pages)('%s: no link is dead', (page) => {
  const links = Array.from(textOf(page).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g), ([, to]) => to!)
  const own = links.filter((to) => !/^[a-z]+:/.test(to))
  expect(own.filter((to) => !isThere(join(dirname(page), to)))).toEqual([])
})

test.each(['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs/kernel.md'])(
  '%s names no file that is not there',
  (page) => {
    const path = /`((?:src|kernel|classroom|cli|lessons|test|bench)\/[\w./-]+\.\w+)`/g
    const named = Array.from(textOf(page).matchAll(path), ([, file]) => file!)
    const patterns = /\/NN-name[/.]/
    expect(named.filter((file) => !isThere(file) && !patterns.test(file))).toEqual([])
  },
)

const kernels: KernelClient[] = []
afterAll(() => Promise.all(kernels.map((kernel) => kernel.close())))

test('the README’s six lines pass the type check in our kernel and print the number beside them', async () => {
  const code = /```ts\n([^`]+)```/.exec(textOf('README.md'))![1]!
  expect(code.trim().split('\n')).toHaveLength(6)
  const kernel = await KernelClient.start({ types: 'error' })
  kernels.push(kernel)
  const { reply, messages } = await kernel.execute(code)
  expect(reply).toMatchObject({ status: 'ok' })
  const number = /\/\/ ([\d.]+)\n$/.exec(code)![1]!
  expect(streamed(messages).trim().split('\n').at(-1)).toBe(number)
})
