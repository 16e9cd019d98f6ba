import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contents, KernelClient, resultText } from '../../support/kernel-client.js'

const right = (type: string) => `function clipByValue(gradient: number[], limit: number): ${type} {
  return gradient.map((x) => Math.min(limit, Math.max(-limit, x)))
}`
const stub = `function clipByValue(gradient: number[], limit: number): number[] {
  throw new Error('not yet')
}`
const check = "await check('clip-by-value', clipByValue)"
const note = /<p><strong>Note\.<\/strong> (.*?)<\/p>/

let kernel: KernelClient
beforeAll(async () => {
  kernel = await KernelClient.start({ types: 'error' })
  await kernel.execute("import { check } from 'downhill'")
})
afterAll(() => kernel.close())

/** The last line of a cell's error; its number. */
async function refused(code: string, client = kernel) {
  const { reply, messages } = await client.execute(code)
  const { traceback } = contents(messages, 'error')[0] as { traceback: string[] }
  expect(reply.traceback).toEqual(traceback)
  return { line: traceback.at(-1), count: reply.execution_count }
}

/** What a check shows: the points that nbgrader reads, and the note above the table. */
async function checked(code = check) {
  const { messages } = await kernel.execute(code)
  const data = contents(messages, 'execute_result')[0]!.data as Record<string, string>
  return { points: data['text/plain'], note: note.exec(data['text/html']!)?.[1] }
}

describe('a cell that the compiler refused', () => {
  test('says last that nothing of it ran, and which of its names are what they were', async () => {
    await kernel.execute('let rate = 1; const [first, second] = [1, 2]; let none')
    expect((await refused('rate = "2"')).line).toBe('Nothing in this cell ran.')
    expect((await refused('const fresh: string = 1')).line).toBe('Nothing in this cell ran.')
    expect((await refused('let none: string = 1; let rate = 2\nconst other = 1')).line).toBe(
      'Nothing in this cell ran: none and rate are still as before.',
    )
    expect((await refused('const first = {\n  second = 3')).line).toBe(
      'Nothing in this cell ran: first is still as before.',
    )
    expect((await refused('%tme\nconst second = 3')).line).toBe(
      'Nothing in this cell ran: second is still as before.',
    )
    expect(resultText((await kernel.execute('[rate, first, second, none]')).messages)).toBe(
      '[ 1, 1, 2, undefined ]',
    )
  })

  test('a name that an earlier cell never came to give a value has none to keep', async () => {
    await kernel.execute('const failed = (() => { throw new Error("no") })()')
    expect((await refused('const failed: string = 1')).line).not.toContain('failed')
  })

  test('a name that is not found, but stands in a refused cell: that cell is named', async () => {
    const { line, count } = await refused(`import { adam } from 'downhill'
interface Row { loss: number }
function later(): number { return "1" }`)
    expect(line).toBe('Nothing in this cell ran.')
    const { reply } = await kernel.execute(
      'const rows: Row[] = []\n({ never, later: later(), adam })',
    )
    expect((reply.traceback as string[]).slice(-2)).toEqual([
      `Row, later and adam are not there: cell [${count}] did not run because of the error shown there.`,
      'Nothing in this cell ran.',
    ])
    await kernel.execute('function later(): number { return 1 }')
    expect(resultText((await kernel.execute('later()')).messages)).toBe('1')
  })

  test('a cell that ran and threw says nothing of the kind', async () => {
    expect((await refused('let rate = 1; throw new Error("late")')).line).not.toContain('Nothing')
  })
})

describe('check', () => {
  test('says that the newest version did not run, as long as that is so', async () => {
    await kernel.execute(stub)
    expect(await checked()).toEqual({ points: '0', note: undefined })
    const { line, count } = await refused(right('number'))
    expect(line).toBe('Nothing in this cell ran: clipByValue is still as before.')
    const told = (cell: unknown) =>
      `This checks the earlier clipByValue: the newer one, in cell [${cell}], did not run because of the error shown there.`
    expect(await checked()).toEqual({ points: '0', note: told(count) })
    const again = await refused(`${right('number[]')}}`)
    expect(again.count).toBe(Number(count) + 2)
    expect(await checked()).toEqual({ points: '0', note: told(again.count) })
    expect(await checked(`await check('clip-by-value', { clipByValue })`)).toMatchObject({
      note: told(again.count),
    })
    await kernel.execute(right('number[]'))
    expect(await checked()).toEqual({ points: '2', note: undefined })
    const worse = await refused(stub.replace('gradient', 'gradient: wrong'))
    expect(await checked()).toEqual({ points: '2', note: told(worse.count) })
    await kernel.execute(right('number[]'))
    expect(await checked()).toEqual({ points: '2', note: undefined })
  })

  test('says nothing of a function that has its name from elsewhere: declared again it is the same one', async () => {
    await kernel.execute(`${stub.replace('clipByValue', 'mine')}\nconst other = mine`)
    expect((await refused('const other: string = mine')).line).toContain('other is still as before')
    await kernel.execute('const other = mine')
    const asked = "await check('clip-by-value', other)"
    expect(await checked(asked)).toEqual({ points: '0', note: undefined })
    await kernel.execute('const arrow = (g: number[]) => g')
    const { count } = await refused('const arrow = 1 2')
    expect((await checked("await check('clip-by-value', arrow)")).note).toContain(`cell [${count}]`)
  })

  test('gives its points for what is there, whatever the host says', async () => {
    await kernel.execute(stub)
    const lie = `{ const host = Reflect.get(globalThis, Symbol.for('downhill.host'))
host.refused = () => ({ name: '<i>', cell: 1 }) }`
    await kernel.execute(lie)
    expect(await checked()).toEqual({
      points: '0',
      note: expect.stringContaining('the earlier &lt;i&gt;:'),
    })
    const getter = "await check('clip-by-value', { get clipByValue() { throw new Error('no') } })"
    expect(await checked(getter)).toEqual({ points: '0', note: undefined })
  })
})

test('where types are not checked, code that does not parse tells the same', async () => {
  const free = await KernelClient.start()
  try {
    await free.execute(`import { check } from 'downhill'\n${stub}`)
    const { line, count } = await refused('function clipByValue( {\n  return 1', free)
    expect(line).toBe('Nothing in this cell ran: clipByValue is still as before.')
    expect(JSON.stringify((await free.execute(check)).messages)).toContain(`in cell [${count}]`)
    // The first step ran.
    expect((await refused('%time 1\nconst clipByValue = = 2', free)).line).not.toContain('Nothing')
  } finally {
    await free.close()
  }
})
