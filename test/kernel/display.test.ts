import { afterAll, beforeAll, expect, test } from 'vitest'
import { contents, KernelClient, resultText, streamed } from '../support/kernel-client.js'

let kernel: KernelClient
beforeAll(async () => {
  kernel = await KernelClient.start()
})
afterAll(async () => {
  await kernel.close()
  expect(kernel.stderr).toBe('')
})

type Bundle = Record<string, string>
const shown = async (code: string): Promise<Bundle[]> => {
  const { reply, messages } = await kernel.execute(code)
  expect(reply).toMatchObject({ status: 'ok' })
  return contents(messages, 'display_data').map(({ data }) => data as Bundle)
}
const result = async (code: string) =>
  contents((await kernel.execute(code)).messages, 'execute_result')[0]?.data as Bundle

const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAYAAAC56t6BAAAAE0lEQVR4nGNk+M/wn4GBgYEJRAAAFwoCBaXbOTkAAAAASUVORK5CYII='

test('an array of records is a table, as a result, through display and through the library', async () => {
  const rows = "[{ step: 1, loss: 0.5 }, { step: 2, loss: 1 / 3, note: '<b>' }]"
  const expected = {
    'text/plain':
      "[\n  { step: 1, loss: 0.5 },\n  { step: 2, loss: 0.3333333333333333, note: '<b>' }\n]",
    'text/html':
      '<table><thead><tr><th scope="col">step</th><th scope="col">loss</th><th scope="col">note</th></tr></thead>' +
      '<tbody><tr><td>1</td><td>0.5</td><td></td></tr><tr><td>2</td><td>0.333333</td><td>&lt;b&gt;</td></tr></tbody></table>',
  }
  expect(await result(rows)).toEqual(expected)
  expect(
    await shown(`import * as library from 'downhill'\ndisplay(${rows}); library.display(${rows})`),
  ).toEqual([expected, expected])
})

test('a long table says how long; what is no record is not one', async () => {
  const long = await result('Array.from({ length: 5000 }, (_, i) => ({ i }))')
  expect(long['text/html']).toContain('<caption>100 of 5000 rows</caption>')
  expect(long['text/html']!.match(/<tr>/g)).toHaveLength(101)
  for (const code of [
    '[]',
    '[{}]',
    '[{ a: { b: 1 } }]',
    '[[1, 2]]',
    '[{ a: 1 }, 2]',
    '[new (class { a = 1 })()]',
    '[new Date(0)]',
  ])
    expect(Object.keys(await result(code))).toEqual(['text/plain'])
})

test('bytes that are a picture are one; other bytes are not', async () => {
  const bytes = `Buffer.from('${png}', 'base64')`
  const picture = {
    'image/png': png,
    'text/plain': expect.stringMatching(/^PNG picture, 2 × 3, \d+ bytes$/),
  }
  expect(await result(bytes)).toEqual(picture)
  expect(await shown(`display(new Uint8Array(${bytes})); display.png(${bytes})`)).toEqual([
    picture,
    picture,
  ])
  const gif = await result("Buffer.from('GIF89a\\x05\\x00\\x07\\x00' + '\\0'.repeat(20), 'latin1')")
  expect(gif['text/plain']).toBe('GIF picture, 5 × 7, 30 bytes')
  expect(await result('new Uint8Array([0xff, 0xd8, 0xff, 0xe0])')).toEqual({
    'image/jpeg': '/9j/4A==',
    'text/plain': 'JPEG picture, 4 bytes',
  })
  expect(Object.keys(await result('new Uint8Array([0x89, 0x50])'))).toEqual(['text/plain'])
  const svg = '<?xml version="1.0"?><!-- a --><svg xmlns="x"><title>é</title></svg>'
  const drawing = { 'image/svg+xml': svg, 'text/plain': 'é' }
  expect(await result(`Buffer.from('${svg}')`)).toEqual(drawing)
  expect(await shown(`display(new TextEncoder().encode('${svg}'))`)).toEqual([drawing])
  // Many comments and no drawing: looked at once, not in every combination.
  expect(Object.keys(await result("Buffer.from('<!-- -->'.repeat(240))"))).toEqual(['text/plain'])
})

test('a handle as the last value adds nothing; a bundle that takes time keeps its place', async () => {
  const slow =
    "{ async [Symbol.for('Jupyter.display')]() { await 1; return { 'text/plain': 'slow' } } }"
  await kernel.execute("import * as library from 'downhill'")
  for (const display of ['display', 'library.display']) {
    const { messages } = await kernel.execute(`${display}(${slow}); ${display}('quick')`)
    const places = contents(messages, 'display_data').map(({ data, transient }) => [
      (data as Bundle)['text/plain'],
      (transient as { display_id: string }).display_id,
    ])
    expect(places.map(([words]) => words)).toEqual(['…', 'quick'])
    expect(contents(messages, 'update_display_data')).toMatchObject([
      { data: { 'text/plain': 'slow' }, transient: { display_id: places[0]![1] } },
    ])
    expect(contents(messages, 'execute_result')).toEqual([])
  }
  expect(await result("({ [Symbol.for('Jupyter.display')]: () => ({}) })")).toBeUndefined()
})

test('an error that is shown marks its line of the cell', async () => {
  const { reply, messages } = await kernel.execute('const e = new RangeError("a < b")\ne')
  const label = `Cell ${reply.execution_count}`
  const data = contents(messages, 'execute_result')[0]!.data as Bundle
  expect(data['text/plain']!.split('\n')).toEqual([
    'RangeError: a < b',
    '> 1 | const e = new RangeError("a < b")',
    '    |           ^',
    '  2 | e',
    `    at ${label}:1:11`,
  ])
  expect(data['text/html']).toBe(
    `<pre>RangeError: a &lt; b\n<mark>&gt; 1 | const e = new RangeError(&quot;a &lt; b&quot;)</mark>\n    |           ^\n  2 | e\n    at ${label}:1:11</pre>`,
  )
})

test('a tensor shows its values, and text is shown as it is', async () => {
  const matrix = await result(
    "import { tensor } from 'downhill'\ntensor([[1, 2.5], [-3, 1 / 3]], { name: 'w' })",
  )
  expect(matrix['text/plain']).toBe('w [2, 2] on simd\n       1       2.5\n      -3  0.333333')
  expect(matrix['text/html']).toMatch(/<caption[^>]*>w \[2, 2\] on simd<\/caption>/)
  expect(
    await shown("import { display as show } from 'downhill'\ndisplay('0 %'); show('é\\n')"),
  ).toEqual([{ 'text/plain': '0 %' }, { 'text/plain': 'é\n' }])
  expect(await result("'0 %'")).toEqual({ 'text/plain': "'0 %'" })
})

test('every kind has words for clients that show nothing else', async () => {
  const words = await shown(`
    display.html('<style>p {}</style><p>a &amp; <b>b</b></p><script>1 < 2</script>')
    display.html('<details><summary>More</summary>of it</details>')
    display.html('<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>')
    display.svg('<svg><title>A curve</title><path/></svg>'); display.svg('<svg/>')
    display.json({ a: 1 }); display.latex('$x$')`)
  expect(words.map((data) => data['text/plain'])).toEqual([
    'a & b',
    'More\nof it',
    '1  2\n3',
    'A curve',
    'SVG, no text',
    '{ a: 1 }',
    '$x$',
  ])
})

test('progress is there without import, nested in one output, and starts anew after an interrupt', async () => {
  const { messages } = await kernel.execute(
    'for (const a of progress([1, 2], { label: "outer" })) for (const b of progress(new Set([1, 2, 3]))) { }',
  )
  expect(contents(messages, 'display_data')).toHaveLength(1)
  const updates = contents(messages, 'update_display_data')
  expect((updates.at(-1)!.data as Bundle)['text/plain']).toMatch(
    /^outer: 2 of 2, [\d.]+\/s, took [\d.]+ s$/,
  )

  const id = await kernel.send('execute_request', {
    code: 'for (const a of progress([1])) for (;;);',
  })
  await kernel.until(() => contents(kernel.published(id), 'display_data')[0])
  await kernel.request('interrupt_request', {}, 'control')
  expect((await kernel.finished(id)).reply.ename).toBe('Interrupted')
  const after = await kernel.execute('for await (const a of progress([1])) console.log(a)')
  expect(streamed(after.messages)).toBe('1\n')
  expect(contents(after.messages, 'display_data')).toHaveLength(1)
})

test('the globals are typed', async () => {
  const typed = await KernelClient.start({ types: 'error' })
  try {
    const { reply, messages } = await typed.execute(
      'let sum = 0\nfor (const a of progress([1, 2], { label: "x" })) sum += a\nfor await (const b of progress((async function* () { yield 1 })(), { total: 1 })) sum += b\nsum',
    )
    expect(reply).toMatchObject({ status: 'ok' })
    expect(resultText(messages)).toBe('4')
    expect((await typed.execute('progress(5)')).reply.ename).toBe('TypeScriptError')
  } finally {
    await typed.close()
  }
})

test('what is ready late is not shown over what came after it', async () => {
  const promised = (text: string, until: string) =>
    `{ [Symbol.for('Jupyter.display')]: async () => { ${until}; return { 'text/plain': '${text}' } } }`
  const fast = promised('fast', 'drawing++; await sleep(1); drawing--')
  // After what is fast, however late that is.
  const slow = promised('slow', 'do await sleep(20); while (drawing > 0)')
  const updates = async (code: string) => {
    const { messages } = await kernel.execute(
      `let drawing = 0; const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))\n${code}`,
    )
    const texts = contents(messages, 'update_display_data').map(({ data }) => data as Bundle)
    return texts.map((data) => data['text/plain'])
  }
  expect(await updates(`display(${slow}).update('text')`)).toEqual(['text'])
  expect(await updates(`display('text').update(${slow})`)).toEqual(['slow'])
  expect(
    await updates(`const handle = display(0)
    handle.update(${slow}); handle.update(${fast})`),
  ).toEqual(['fast'])
  expect(
    await updates(`const handle = display(0)
    handle.update(${fast}); handle.update(${slow})`),
  ).toEqual(['fast', 'slow'])
  expect(
    await updates(`display(0, { id: 'a' }).update(${slow}); display(1, { id: 'b' }).update('b')`),
  ).toEqual(['b', 'slow'])
})
