import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contents, KernelClient, resultText, streamed } from '../support/kernel-client.js'
import { onEachNode } from '../support/node24.js'

onEachNode('magics', (node) => {
  let kernel: KernelClient
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'downhill magics-'))
    kernel = await KernelClient.start({ node, cwd: folder })
  })
  afterAll(async () => {
    await kernel.close()
    rmSync(folder, { recursive: true, force: true })
    expect(kernel.stderr).toBe('')
  })
  const bundle = async (code: string) =>
    contents((await kernel.execute(code)).messages, 'display_data')[0]?.data

  /** Of "40.1 ms", or "1.2 s" where a machine is busy. */
  const milliseconds = (shown = '') => {
    const [amount, unit] = shown.split(' ')
    return Number(amount) * (unit === 's' ? 1000 : 1)
  }

  test('%time times a line, a statement of many lines, or the rest of the cell; the value stays', async () => {
    const time = /^CPU time: user [\d.]+ [nµm]?s, system [\d.]+ [nµm]?s\nWall time: ([\d.]+ m?s)\n$/
    const wait = "await new Promise((done) => setTimeout(done, 40)); 'done'"
    for (const code of [
      `%time ${wait}`,
      `%%time\n${wait}`,
      `%time\n\n${wait}`,
      `%time ((x) => x)(\n1); ${wait}`,
    ]) {
      const { reply, messages } = await kernel.execute(code)
      expect(reply.status).toBe('ok')
      expect(milliseconds(time.exec(streamed(messages))?.[1])).toBeGreaterThanOrEqual(39)
      expect(resultText(messages)).toBe("'done'")
    }
    const { messages } = await kernel.execute('%time let timed = 1\ntimed += 1\ntimed')
    expect(resultText(messages)).toBe('2')
  })

  test('%timeit gives mean, standard deviation and best of its runs', async () => {
    await kernel.execute('let calls = 0; const numbers = Array.from({ length: 1000 }, (_, i) => i)')
    const start = performance.now()
    const { messages, reply } = await kernel.execute(
      '%timeit -n 5 -r 3 calls += 1\n%timeit -n 2 -r 1 await new Promise((done) => setTimeout(done, 20))\ncalls',
    )
    const whole = performance.now() - start
    expect(reply.status).toBe('ok')
    const figure = String.raw`[\d.]+ [nµm]?s`
    const [first, second] = streamed(messages).split('\n')
    expect(first).toMatch(
      RegExp(`^${figure} ± ${figure} a loop \\(mean ± sd of 3 runs of 5 loops; best ${figure}\\)$`),
    )
    const [, mean] =
      /^([\d.]+ m?s) ± 0 ns a loop \(mean ± sd of 1 run of 2 loops; best /.exec(second!) ?? []
    expect(milliseconds(mean)).toBeGreaterThanOrEqual(19)
    // Of one loop, not of both: three digits of it are shown.
    expect(milliseconds(mean) * 2).toBeLessThan(whole * 1.01)
    expect(resultText(messages)).toBe('15')
    const cell = await kernel.execute(
      '%%timeit -r 2\nconst root = (x: number): number => Math.sqrt(x)\nnumbers.map(root)',
    )
    expect(streamed(cell.messages)).toMatch(/ of 2 runs of [\d,]+000 loops; best [\d.]+ µs\)\n$/)
    expect((await kernel.execute('%timeit 1 +')).reply).toMatchObject({ ename: 'SyntaxError' })
    expect((await kernel.execute('%timeit')).reply).toMatchObject({ ename: 'UsageError' })
  })

  test.each([
    ['%timeit console.log("on"); for (;;);', ''],
    ['%timeit console.log("on"); await new Promise((done) => setTimeout(done, 1))', ''],
    // Says its number when it waits for its second child: one that begins while the others are told to end is not told.
    [
      '%%bash\ntrap "touch cleaned; exit 1" TERM\nsleep 100 & bash -c \'echo $PPID; exec sleep 100\'',
      'cleaned',
    ],
  ])('an interrupt ends %j, and the variables are kept', async (code, made) => {
    await kernel.execute('var kept = 7')
    const id = await kernel.send('execute_request', { code })
    await kernel.until(() => streamed(kernel.published(id)) || undefined)
    await kernel.request('interrupt_request', {}, 'control')
    const { reply, messages } = await kernel.finished(id)
    expect(reply).toMatchObject({ status: 'error', ename: 'Interrupted' })
    expect(resultText((await kernel.execute('kept')).messages)).toBe('7')
    if (made === '') return
    await expect.poll(() => readdirSync(folder), { timeout: 10_000 }).toContain(made)
    const group = Number(streamed(messages))
    const living = () => execFileSync('ps', ['-A', '-o', 'ppid=']).toString().split(/\s+/)
    await expect.poll(living, { timeout: 10_000 }).not.toContain(String(group))
  })

  test('%who lists variables with type and value, wholly or by type', async () => {
    await kernel.execute('%reset')
    await kernel.execute(
      'import { join } from "node:path"\nlet rate = 0.1; const list = [1, 2]; class Model {}\nfunction f() {}; const model = new Model()',
    )
    const all = (await bundle('%who')) as Record<string, string>
    expect(all['text/plain']!.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['name', 'type', 'value'],
      ['Model', 'class'],
      ['f', 'function'],
      ['join', 'function'],
      ['list', 'Array(2)', '[ 1, 2 ]'],
      ['model', 'Model', 'Model {}'],
      ['rate', 'number', '0.1'],
    ])
    expect(all['text/html']).toContain('<table>')
    expect(((await bundle('%who number')) as typeof all)['text/plain']).not.toContain('model')
    const none = (await kernel.execute('%who symbol')).messages
    expect(streamed(none)).toBe('No variable is of type symbol.\n')
  })

  test('%reset removes every variable, and the kernel goes on', async () => {
    await kernel.execute('const gone = 1')
    const { reply, messages } = await kernel.execute('%reset\ntypeof gone', {
      user_expressions: { sum: '1 + 1' },
    })
    expect(streamed(messages)).toBe('All variables are removed.\n')
    expect(resultText(messages)).toBe("'undefined'")
    expect(reply).toMatchObject({
      status: 'ok',
      user_expressions: { sum: { data: { 'text/plain': '2' } } },
    })
    expect(contents(messages, 'error')).toEqual([])
    expect(streamed((await kernel.execute('%who')).messages)).toBe('There are no variables yet.\n')
  })

  test('%%writefile writes, overwrites and appends, through links, and leaves nothing else', async () => {
    const path = join(folder, 'my notes.txt')
    symlinkSync(path, join(folder, 'link'))
    const said = async (code: string) => streamed((await kernel.execute(code)).messages)
    expect(await said('%%writefile "my notes.txt"\n%who\n 1 😀')).toBe(`Wrote ${path}\n`)
    expect(readFileSync(path, 'utf8')).toBe('%who\n 1 😀\n')
    expect(await said('%%writefile link\nnew')).toBe(`Overwrote ${path}\n`)
    expect(await said('%%writefile -a my notes.txt\nmore\n')).toBe(`Appended to ${path}\n`)
    expect(readFileSync(path, 'utf8')).toBe('new\nmore\n')
    expect(readdirSync(folder).filter((name) => /tmp$|link|notes/.test(name))).toEqual([
      'link',
      'my notes.txt',
    ])
    expect((await kernel.execute('%%writefile no/such/folder\n1')).reply.ename).toBe('Error')
    expect((await kernel.execute('%%writefile\n1')).reply.evalue).toContain('needs the name of')
  })

  test("%load puts a file's text into the cell", async () => {
    writeFileSync(join(folder, 'code.ts'), 'const loaded = 1\nloaded\n')
    const { reply } = await kernel.execute('%load code.ts')
    const text = '// %load code.ts\nconst loaded = 1\nloaded'
    expect(reply.payload).toEqual([{ source: 'set_next_input', text, replace: true }])
    expect((await kernel.execute('%load missing.ts')).reply.evalue).toContain('ENOENT')
  })

  test.each([
    ['html', 'text/html', '%time\n`{1}`'],
    ['svg', 'image/svg+xml', '%time\n`{1}`'],
    ['markdown', 'text/markdown', '<svg>%time\n`{1}`</svg>'],
  ])('%%%s shows the cell as it is', async (name, type, plain) => {
    const text = '<svg>%time\n`{1}`</svg>'
    expect(await bundle(`%%${name}\n${text}`)).toEqual({ [type]: text, 'text/plain': plain })
  })

  test('%%bash prints on both streams as it runs; another exit code than 0 is an error', async () => {
    await kernel.execute('process.env.GREETING = "hello"')
    const id = await kernel.send('execute_request', {
      code: '%%bash\necho "$GREETING"; echo bad >&2\nread -t 20 line < <(sleep 0.1); exit 3',
    })
    const { reply, messages } = await kernel.finished(id)
    expect(streamed(messages)).toBe('hello\n')
    expect(streamed(messages, 'stderr')).toBe('bad\n')
    expect(reply).toMatchObject({
      status: 'error',
      ename: 'BashError',
      evalue: 'bash ended with exit code 3',
      traceback: ['BashError: bash ended with exit code 3'],
    })
    expect((await kernel.execute('%%bash\ntrue')).reply.status).toBe('ok')
    expect((await kernel.execute('%%bash -x\ntrue')).reply.evalue).toContain('got -x')
  })

  test('%lsmagic names every magic with its use', async () => {
    const said = streamed((await kernel.execute('%lsmagic')).messages)
    expect(said.match(/^%\S+/gm)).toEqual([
      '%%bash',
      '%%html',
      '%load',
      '%lsmagic',
      '%%markdown',
      '%reset',
      '%%svg',
      '%time',
      '%timeit',
      '%%typecheck',
      '%who',
      '%%writefile',
    ])
  })

  test('an unknown magic names the nearest, and nothing of its cell runs', async () => {
    const { reply } = await kernel.execute('console.log\n// note\n')
    expect(reply.status).toBe('ok')
    const { reply: refused, messages } = await kernel.execute(
      '%who\n  %tiemit 1\nconsole.log("ran")',
    )
    expect(refused).toMatchObject({
      ename: 'UnknownMagic',
      evalue: '%tiemit is not a magic; did you mean %timeit? %lsmagic lists them all.',
      traceback: [
        'UnknownMagic: %tiemit is not a magic; did you mean %timeit? %lsmagic lists them all.',
        '  1 | %who',
        '> 2 |   %tiemit 1',
        '    |   ^^^^^^^',
        '  3 | console.log("ran")',
        'Nothing in this cell ran.',
      ],
    })
    expect(messages.map(({ header }) => header.msg_type)).not.toContain('stream')
    const far = await kernel.execute('%%javascript\n1')
    expect(far.reply.evalue).toBe('%%javascript is not a magic. %lsmagic lists them all.')
    expect((await kernel.execute('%html')).reply.evalue).toBe('%html is written %%html')
    expect((await kernel.execute('%%')).reply.ename).toBe('UnknownMagic')
  })

  test('% inside code is never a magic', async () => {
    const cell = await kernel.execute('// %who\nconst who = 4, n = 11\nn\n  %who')
    expect(resultText(cell.messages)).toBe('3')
    expect(resultText((await kernel.execute('`\n%who`.length')).messages)).toBe('5')
    expect((await kernel.execute('% who')).reply.ename).toBe('SyntaxError')
  })

  test('an error in code under a magic is at its own line of the cell', async () => {
    const code = '// first\n%time JSON.parse("{")\n1'
    const count = (await kernel.execute('1')).reply.execution_count as number
    const { reply } = await kernel.execute(code)
    const traceback = (reply.traceback as string[]).join('\n')
    expect(traceback).toContain(`Cell ${count + 1}:2:12`)
    expect(traceback).toContain('> 2 | %time JSON.parse("{")')
    const timed = await kernel.execute('%%timeit -n 1\n\n  null!.x')
    expect((timed.reply.traceback as string[]).join('\n')).toContain(`Cell ${count + 2}:3:9`)
  })
})

test('the checker, completion and is_complete see the code under magics at its own place', async () => {
  const kernel = await KernelClient.start({ types: 'error' })
  try {
    const refused = await kernel.execute('%time const a = 1\nconst b: string = a')
    const count = refused.reply.execution_count
    expect(refused.reply).toMatchObject({ ename: 'TypeScriptError' })
    expect(refused.reply.evalue).toContain(`(Cell ${count}:2:7)`)
    expect(refused.reply.traceback).toContain('  1 | %time const a = 1')
    expect((await kernel.execute('%timeit -n1 -r1 const inner: string = 1')).reply.status).toBe(
      'error',
    )
    expect(
      (await kernel.execute('%time const c = [1]\n%timeit -n1 -r1 const inner = 1')).reply,
    ).toMatchObject({ status: 'ok' })
    const later = await kernel.execute('c.length; inner')
    expect(later.reply.evalue).toContain("Cannot find name 'inner'")
    const off = await kernel.execute('%%typecheck off\n%time const d: string = 5 as number\nd')
    expect(resultText(off.messages)).toBe('5')
    const warned = await kernel.execute('%%typecheck warn\nconst e: string = 5\ne')
    expect(JSON.stringify(contents(warned.messages, 'display_data'))).toContain('TS2322')
    expect(resultText(warned.messages)).toBe('5')
    expect((await kernel.execute('%%typecheck on\n1')).reply.evalue).toContain('off|warn|error')
    expect((await kernel.execute('%%bash\necho not TypeScript at all')).reply.status).toBe('ok')

    const complete = async (code: string) =>
      (await kernel.request('complete_request', { code, cursor_pos: [...code].length })).content
    expect(await complete('%who\n %ti')).toMatchObject({
      matches: ['%time', '%timeit'],
      cursor_start: 6,
      cursor_end: 9,
    })
    expect((await complete('%%wr')).matches).toEqual(['%%writefile'])
    expect((await complete('// 😀\n%time c.fl')).matches).toEqual(['flat', 'flatMap'])
    const status = async (code: string) =>
      (await kernel.request('is_complete_request', { code })).content.status
    expect(await status('%who')).toBe('complete')
    expect(await status('%%bash\nif true; then')).toBe('complete')
    expect(await status('%time if (c) {')).toBe('incomplete')
    expect(await status('%%time\nc.map(')).toBe('incomplete')
  } finally {
    await kernel.close()
  }
})
