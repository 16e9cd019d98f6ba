import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contents, KernelClient, resultText, streamed } from '../support/kernel-client.js'

let kernel: KernelClient
beforeAll(async () => {
  kernel = await KernelClient.start()
})
afterAll(() => kernel.close())

describe('a cell', () => {
  test('sends busy, its input, its outputs, its reply and idle, in this order', async () => {
    const { reply, messages } = await kernel.execute('console.log("hi"); 1 + 1')
    expect(messages.map(({ header }) => header.msg_type)).toEqual([
      'status',
      'execute_input',
      'stream',
      'execute_result',
      'status',
    ])
    expect(messages[0]?.content.execution_state).toBe('busy')
    expect(messages[4]?.content.execution_state).toBe('idle')
    expect(reply).toMatchObject({ status: 'ok', user_expressions: {}, payload: [] })
    expect(messages[1]?.content.execution_count).toBe(reply.execution_count)
  })

  test('separates stdout and stderr', async () => {
    const { messages } = await kernel.execute('console.log("out"); console.error("err")')
    expect([streamed(messages), streamed(messages, 'stderr')]).toEqual(['out\n', 'err\n'])
  })

  test('that throws says where, in its own TypeScript lines, without frames of the kernel', async () => {
    const source =
      'interface Long {\n  a: number\n}\nfunction f(x: number): never {\n  throw new RangeError("no")\n}\n\nf(3)'
    const { reply, messages } = await kernel.execute(source)
    expect(reply).toMatchObject({ status: 'error', ename: 'RangeError', evalue: 'no' })
    expect(contents(messages, 'error')).toHaveLength(1)
    const cell = `Cell ${reply.execution_count}`
    expect(reply.traceback).toEqual([
      'RangeError: no',
      '  4 | function f(x: number): never {',
      '> 5 |   throw new RangeError("no")',
      '    |         ^',
      '  6 | }',
      `    at f (${cell}:5:9)`,
      `    at ${cell}:8:1`,
    ])
  })

  test('may redeclare every kind of name, in any kind', async () => {
    for (const source of [
      'const x = 1',
      'let x = 2',
      'class x {}',
      'function x() {}',
      'var x = 3',
      'const x = 4',
    ])
      expect((await kernel.execute(source)).reply.status).toBe('ok')
    expect(resultText((await kernel.execute('x')).messages)).toBe('4')
  })
})
