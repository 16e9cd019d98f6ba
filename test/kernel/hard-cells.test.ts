import { afterAll, beforeAll, expect, test } from 'vitest'
import { KernelClient, resultText } from '../support/kernel-client.js'

const many = 10_000
const times = (text: string, n = many) => text.repeat(n)

/** Nested without brackets, or across them: swc, which is native, overflows its stack on these. */
const cells: Record<string, string> = {
  arrows: `${times('a=>')}1`,
  not: `${times('!', 40_000)}1`,
  ternaries: `${times('a?b:')}c`,
  'ternaries inwards': `${times('a?')}b${times(':c')}`,
  await: `${times('await ')}1`,
  new: `${times('new ')}a`,
  templates: `${times('`${', 400)}1${times('}`', 400)}${times('+a')}`,
  'else if': `${times('if(a){}else ')}{}`,
  sum: `1${times('+1', 30_000)}`,
  members: `a${times('.a', 30_000)}`,
  'keyof types': `type A = ${times('keyof ')}B`,
  'generic types': `type A = ${times('A<')}1${times('>')}`,
  'conditional types': `type A = ${times('a extends b?c:')}d`,
  brackets: times('[') + times(']'),
}

let kernel: KernelClient
beforeAll(async () => {
  kernel = await KernelClient.start({ types: 'error' })
  await kernel.execute('let survivor = 1')
})
afterAll(() => kernel.close())

test.each(Object.entries(cells))(
  '%s, ten thousand deep: an error or a result, and the session goes on',
  async (_, code) => {
    const { content } = await kernel.request('is_complete_request', { code })
    expect(['complete', 'incomplete', 'invalid']).toContain(content.status)
    const { reply } = await kernel.execute(code)
    if (reply.status === 'error') expect(reply.ename).not.toBe('StateLost')
    expect(resultText((await kernel.execute('survivor')).messages)).toBe('1')
    expect(kernel.process.exitCode).toBe(null)
  },
  60_000,
)

test('a long cell that is not deep runs', async () => {
  const lines = Array.from({ length: 2000 }, (_, i) => `const value${i}: number = ${i} * 2`)
  const { reply, messages } = await kernel.execute(`${lines.join('\n')}\nvalue1999`)
  expect(reply.status).toBe('ok')
  expect(resultText(messages)).toBe('3998')
})
