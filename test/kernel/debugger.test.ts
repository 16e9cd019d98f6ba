import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Content } from '../../kernel/wire/frames.js'
import { contents, KernelClient, resultText, streamed } from '../support/kernel-client.js'
import { onEachNode } from '../support/node24.js'
import { folderWith } from '../support/notebook.js'

/** A cell whose types and blank lines are gone in its JavaScript: its lines differ. */
const cell = `interface Point {
  x: number
  y: number
}

type Scale = number

const scale = 2 as Scale
function norm(point: Point): number {
  const xx: number = point.x * point.x

  const yy = point.y * point.y
  return Math.sqrt(xx + yy) * scale
}
const far: Point = { x: 3, y: 4 }
const length = norm(far)
console.log('length', length)
length + 1`

interface Variable {
  name: string
  value: string
  variablesReference: number
}
interface Frame {
  id: number
  name: string
  line: number
  source: { path: string }
}

/** JupyterLab's side: requests on control, events from iopub. */
class Debuggee {
  readonly kernel: KernelClient
  #seq = 1
  #seen = 0

  constructor(kernel: KernelClient) {
    this.kernel = kernel
  }

  async ask(command: string, args: object = {}): Promise<Content> {
    const content = { type: 'request', seq: this.#seq++, command, arguments: args }
    const reply = await this.kernel.request('debug_request', content, 'control')
    expect(reply.header.msg_type).toBe('debug_reply')
    expect(reply.content).toMatchObject({ type: 'response', command, request_seq: content.seq })
    return reply.content
  }

  async body<T>(command: string, args: object = {}): Promise<T> {
    const { success, message, body } = await this.ask(command, args)
    expect([success, message]).toEqual([true, undefined])
    return body as T
  }

  async attach(): Promise<void> {
    await this.body('initialize', { clientID: 'test', linesStartAt1: true })
    await this.body('attach')
    await this.event('initialized')
  }

  /** Sets breakpoints in a cell, as JupyterLab does before and after it runs. */
  async breakAt(code: string, ...lines: number[]) {
    const { sourcePath } = await this.body<{ sourcePath: string }>('dumpCell', { code })
    const { breakpoints } = await this.body<{ breakpoints: { line: number; verified: boolean }[] }>(
      'setBreakpoints',
      {
        source: { path: sourcePath },
        breakpoints: lines.map((line) => ({ line })),
        sourceModified: false,
      },
    )
    await this.body('configurationDone')
    return { path: sourcePath, lines: breakpoints.map(({ line }) => line) }
  }

  /** The next event of that name. */
  async event(name: string): Promise<Content> {
    const found = await this.kernel.until(() =>
      contents(this.kernel.iopub, 'debug_event')
        .slice(this.#seen)
        .find(({ event }) => event === name),
    )
    this.#seen = contents(this.kernel.iopub, 'debug_event').indexOf(found) + 1
    return found.body as Content
  }

  async stopped(): Promise<{ reason: unknown; text: unknown; frames: Frame[]; at: string }> {
    const { reason, text, threadId } = await this.event('stopped')
    const { stackFrames } = await this.body<{ stackFrames: Frame[] }>('stackTrace', { threadId })
    const [top] = stackFrames
    return { reason, text, frames: stackFrames, at: `${top!.name}:${top!.line}` }
  }

  async open(variablesReference: number): Promise<Record<string, Variable>> {
    const { variables } = await this.body<{ variables: Variable[] }>('variables', {
      variablesReference,
    })
    return Object.fromEntries(variables.map((variable) => [variable.name, variable]))
  }

  /** Scope → name → variable. */
  async scopes(frameId = 1): Promise<Record<string, Record<string, Variable>>> {
    const { scopes } = await this.body<{ scopes: Variable[] }>('scopes', { frameId })
    return Object.fromEntries(
      await Promise.all(
        scopes.map(
          async (scope) => [scope.name, await this.open(scope.variablesReference)] as const,
        ),
      ),
    )
  }

  async evaluate(expression: string, frameId = 1): Promise<string> {
    return (await this.body<{ result: string }>('evaluate', { expression, frameId })).result
  }
}

onEachNode('the debugger', (node) => {
  let kernel: KernelClient
  let dap: Debuggee
  beforeEach(async () => {
    kernel = await KernelClient.start({ node })
    dap = new Debuggee(kernel)
  })
  afterEach(() => kernel.close())

  const run = (code: string) => kernel.send('execute_request', { code })

  test('is announced, and off until a client attaches', async () => {
    const { content } = await kernel.request('kernel_info_request', {})
    expect(content).toMatchObject({
      debugger: true,
      supported_features: expect.arrayContaining(['debugger']),
    })
    const info = await dap.body<Content>('debugInfo')
    expect(info).toMatchObject({
      isStarted: false,
      hashMethod: 'Murmur2',
      hashSeed: 0xc70f6907,
      tmpFileSuffix: '.ts',
      breakpoints: [],
      stoppedThreads: [],
    })
    // The hash of ipykernel's murmur2_x86.
    const { sourcePath } = await dap.body<Content>('dumpCell', { code: 'let x = 1' })
    expect(sourcePath).toBe(`${info.tmpFilePrefix}719486033.ts`)
    expect(await dap.ask('stepIn')).toMatchObject({ success: false })
    expect(await dap.ask('nonsense')).toMatchObject({
      success: false,
      message: 'debugger: unknown command nonsense',
    })
    // `debugger` in a cell that nobody debugs does nothing.
    expect(resultText((await kernel.execute('debugger; 7')).messages)).toBe('7')
    const { variables } = await dap.body<{ variables: Variable[] }>('inspectVariables')
    expect(variables).toEqual([])
  })

  test('a breakpoint set before the cell runs stops it at its TypeScript line', async () => {
    await kernel.execute('let earlier = { rate: 0.1, names: ["a", "b"] }')
    await dap.attach()
    const { path, lines } = await dap.breakAt(cell, 12)
    expect(lines).toEqual([12])
    const id = await run(cell)
    const { reason, frames } = await dap.stopped()
    expect(reason).toBe('breakpoint')
    expect(frames.map(({ name, line, source }) => [name, line, source.path])).toEqual([
      ['norm', 12, path],
      ['(top level)', 16, path],
    ])
    expect((await dap.body<Content>('source', { source: { path } })).content).toBe(cell)
    expect((await dap.body<Content>('debugInfo')).stoppedThreads).toEqual([1])
    expect((await dap.body<Content>('threads')).threads).toEqual([{ id: 1, name: 'main' }])

    const { Locals, Globals } = await dap.scopes()
    expect(Locals).toMatchObject({
      point: { value: '{x: 3, y: 4}' },
      xx: { value: '9', variablesReference: 0 },
      yy: { value: expect.stringMatching(/^(undefined|\(no value yet\))$/) },
    })
    expect(await dap.open(Locals!.point!.variablesReference)).toMatchObject({
      x: { value: '3' },
      y: { value: '4' },
    })
    expect(Globals).toMatchObject({ scale: { value: '2' }, earlier: {} })
    const inside = await dap.open(Globals!.earlier!.variablesReference)
    expect(inside.names!.value).toBe('["a", "b"]')
    expect(Globals!.norm!.value).toBe('function norm(point) {…}')
    expect(Object.keys(Globals!)).toEqual(Object.keys(Globals!).sort())

    expect(await dap.evaluate('(point as any).x + xx')).toBe('12')
    expect(await dap.evaluate('far.y', 2)).toBe('4')
    expect(await dap.ask('evaluate', { expression: 'nobody', frameId: 1 })).toMatchObject({
      success: false,
      message: 'ReferenceError: nobody is not defined',
    })
    // What a console asks is answered: JupyterLab does not show the message of a refusal.
    expect(
      await dap.body('evaluate', { expression: 'nobody', frameId: 1, context: 'repl' }),
    ).toMatchObject({ result: 'ReferenceError: nobody is not defined' })
    expect(await dap.ask('copyToGlobals', {})).toMatchObject({ success: false })
    expect(await dap.ask('setVariable', {})).toMatchObject({ success: false })
    expect(
      await dap.body('richInspectVariables', { variableName: 'xx', frameId: 1 }),
    ).toMatchObject({ data: { 'text/plain': '9' } })

    const { scopes } = await dap.body<{ scopes: Variable[] }>('scopes', { frameId: 1 })
    await dap.body('continue', { threadId: 1 })
    await dap.event('continued')
    // JupyterLab may ask too late, and reads the lists of a refusal too.
    const { variablesReference } = scopes[0]!
    expect(await dap.ask('variables', { variablesReference })).toMatchObject({
      success: false,
      body: { variables: [] },
    })
    expect(await dap.ask('scopes', { frameId: 1 })).toMatchObject({
      success: false,
      body: { scopes: [] },
    })
    const done = await kernel.finished(id)
    expect(streamed(done.messages)).toBe('length 10\n')
    expect(resultText(done.messages)).toBe('11')
  })

  test('steps over, into and out of, and its end is the end of the cell', async () => {
    await dap.attach()
    await dap.breakAt(cell, 15)
    const id = await run(cell)
    expect((await dap.stopped()).at).toBe('(top level):15')
    const step = async (command: string) => {
      await dap.body(command, { threadId: 1 })
      const { at, reason } = await dap.stopped()
      expect(reason).toBe('step')
      return at
    }
    expect(await step('next')).toBe('(top level):16')
    expect(await step('stepIn')).toBe('norm:10')
    expect(await step('next')).toBe('norm:12')
    expect(await step('stepOut')).toBe('(top level):17')
    expect(await step('stepIn')).toBe('(top level):18')
    await dap.body('next', { threadId: 1 })
    expect((await kernel.finished(id)).reply.status).toBe('ok')
    // The step is over: the next cell runs through.
    expect((await kernel.execute('let after = 1\nafter + 1')).reply.status).toBe('ok')
    expect((await dap.body<Content>('debugInfo')).stoppedThreads).toEqual([])
  })

  test('a step goes to another line; what an expression assigns is there, and shown', async () => {
    await kernel.execute('let x = "hidden by the local one"')
    const code = `function walk(start: number): number {
  let x: number = start
  for (let k: number = 0; k < 3; k++) {
    x -= k
  }
  return x
}
let walked = walk(8)
for (let k = 0; k < 40; k++) walked += k
walked`
    await dap.attach()
    await dap.breakAt(code, 3)
    const id = await run(code)
    expect((await dap.stopped()).at).toBe('walk:3')
    const step = async (command = 'next') => {
      await dap.body(command, { threadId: 1 })
      return (await dap.stopped()).at
    }
    // V8 stops twice in the line of the loop: at `k++`, then at `k < 3`.
    expect([await step(), await step(), await step()]).toEqual(['walk:4', 'walk:3', 'walk:4'])
    expect((await dap.scopes()).Locals).toMatchObject({ k: { value: '1' }, x: { value: '8' } })
    expect(await dap.evaluate('x = 100')).toBe('100')
    expect(await dap.scopes()).toMatchObject({
      Locals: { k: { value: '1' }, x: { value: '100' } },
      Globals: { x: { value: '"hidden by the local one"' } },
    })
    expect(await step('stepOut')).toBe('(top level):9')
    // A line that is a whole loop: not one stop for each time around, and not endless steps in silence.
    expect(await step()).toBe('(top level):9')
    await dap.body('continue')
    expect(resultText((await kernel.finished(id)).messages)).toBe(String(97 + (39 * 40) / 2))
  })

  test('below magics: in the code that they run, at its own line', async () => {
    const code = `%who
%time norm({ x: 3, y: 4 })
interface Point { x: number; y: number }
function norm(point: Point): number {
  return Math.hypot(point.x, point.y)
}
const far: number = norm({ x: 6, y: 8 })`
    await kernel.execute('const norm = (point: { x: number; y: number }) => point.x')
    await dap.attach()
    expect((await dap.breakAt(code, 2, 5)).lines).toEqual([2, 5])
    const id = await run(code)
    expect((await dap.stopped()).at).toBe('(top level):2')
    await dap.body('continue')
    const { at, frames } = await dap.stopped()
    expect([at, frames[1]!.line]).toEqual(['norm:5', 7])
    await dap.body('continue')
    expect(streamed((await kernel.finished(id)).messages)).toContain('Wall time')
    const timed = `%%time
const twice = (x: number) => {
  return x * 2
}
twice(4)`
    await dap.breakAt(timed, 3)
    const timedId = await run(timed)
    expect((await dap.stopped()).at).toBe('twice:3')
    await dap.body('continue')
    expect(resultText((await kernel.finished(timedId)).messages)).toBe('8')
    // What %timeit makes of its code is nobody's.
    const { breakpoints } = await dap.body<Content>('setBreakpoints', {
      source: { path: (await dap.body<Content>('dumpCell', { code: '%timeit 1 + 1' })).sourcePath },
      breakpoints: [{ line: 1 }],
    })
    expect(breakpoints).toMatchObject([{ verified: false }])
  })

  test('lists the files of the learner, and not the kernel’s own', async () => {
    const folder = folderWith({ 'near.ts': 'export const near: number = 1' })
    await dap.attach()
    await kernel.execute(
      `import { sgd } from 'downhill'; import { near } from '${folder}/near.ts'; near`,
    )
    const { modules } = await dap.body<{ modules: Content[] }>('modules')
    expect(modules.map(({ name }) => name)).toEqual(['near.ts'])
  })

  test('a script that calls itself what is no path, and names that are no commands', async () => {
    await dap.attach()
    await kernel.execute(`eval('1\\n//# sourceURL=file:///a%2Fb.ts')`)
    expect(await dap.body('modules')).toMatchObject({ modules: [{ path: 'file:///a%2Fb.ts' }] })
    expect(await dap.ask('toString')).toMatchObject({ success: false })
  })

  test('pause stops code that runs; an expression may let it end', async () => {
    await dap.attach()
    const id = await run(
      'let going = true\nlet turns = 0\nconsole.log("goes")\nwhile (going) {\n  turns++\n}\nturns > 0',
    )
    await kernel.until(() => streamed(kernel.published(id)) || undefined)
    await dap.body('pause', { threadId: 1 })
    const { reason, at } = await dap.stopped()
    expect([reason, at]).toEqual(['pause', expect.stringMatching(/^\(top level\):[45]$/)])
    await dap.evaluate('going = false')
    await dap.body('continue')
    expect(resultText((await kernel.finished(id)).messages)).toBe('true')
  })

  test('steps over an await', async () => {
    const code =
      'const wait = new Promise((go) => setTimeout(go, 5))\nawait wait\nlet next = 3\nnext'
    await dap.attach()
    await dap.breakAt(code, 2)
    const id = await run(code)
    expect((await dap.stopped()).at).toBe('(top level):2')
    await dap.body('next')
    expect((await dap.stopped()).at).toBe('(top level):3')
    await dap.body('continue')
    expect(resultText((await kernel.finished(id)).messages)).toBe('3')
  })

  test('a line without code moves to the next one; a breakpoint in a cell that ran already', async () => {
    await kernel.execute(cell)
    await dap.attach()
    expect((await dap.breakAt(cell, 2, 11)).lines).toEqual([8, 12])
    const id = await run('let again = norm({ x: 6, y: 8 })\nagain')
    const { at, frames } = await dap.stopped()
    expect(at).toBe('norm:12')
    expect(frames[1]!.line).toBe(1)
    await dap.breakAt(cell)
    await dap.body('continue')
    expect(resultText((await kernel.finished(id)).messages)).toBe('20')
    expect((await kernel.execute(cell)).reply.status).toBe('ok')
  })

  test('closures, a condition, and long arrays', async () => {
    const code = `const long = new Float64Array(1e6)
const counters = [1, 2, 3].map((start) => {
  const inner = (by: number) => {
    const sum = start + by
    return sum
  }
  return inner(10)
})`
    await dap.attach()
    const { sourcePath } = await dap.body<Content>('dumpCell', { code })
    await dap.body('setBreakpoints', {
      source: { path: sourcePath },
      breakpoints: [{ line: 5, condition: 'start === 3' }],
    })
    const id = await run(code)
    expect((await dap.stopped()).at).toBe('inner:5')
    const { Locals, Closure, Globals } = await dap.scopes()
    expect(Locals).toMatchObject({ by: { value: '10' }, sum: { value: '13' } })
    expect(Closure).toMatchObject({ start: { value: '3' } })
    expect(Object.keys(await dap.open(Globals!.long!.variablesReference))).toHaveLength(1000)
    await dap.body('continue')
    await kernel.finished(id)
  })

  test('exceptions: all, or those that nobody catches', async () => {
    const code = `function fail(): never {
  throw new RangeError('too far')
}
try { fail() } catch {}
fail()`
    await dap.attach()
    await dap.body('setExceptionBreakpoints', { filters: ['uncaught'] })
    let id = await run(code)
    const uncaught = await dap.stopped()
    expect([uncaught.reason, uncaught.at, uncaught.frames[1]!.line]).toEqual([
      'exception',
      'fail:2',
      5,
    ])
    expect(uncaught.text).toContain('RangeError: too far')
    await dap.body('continue')
    expect((await kernel.finished(id)).reply.ename).toBe('RangeError')

    await dap.body('setExceptionBreakpoints', { filters: ['all'] })
    id = await run(code)
    expect((await dap.stopped()).frames[1]!.line).toBe(4)
    await dap.body('setExceptionBreakpoints', { filters: [] })
    await dap.body('continue')
    const { reply } = await kernel.finished(id)
    expect(reply.ename).toBe('RangeError')
    // Tracebacks are those without a debugger.
    expect((reply.traceback as string[]).join('\n')).toMatch(/at fail \(Cell 2:2:\d+\)/)
  })

  test('an interrupt while paused ends the cell, and the variables are kept', async () => {
    await dap.attach()
    const code = 'let kept = 41\nkept += 1\nfor (;;) kept += 1'
    await dap.breakAt(code, 3)
    const id = await run(code)
    await dap.stopped()
    await kernel.request('interrupt_request', {}, 'control')
    expect((await kernel.finished(id)).reply.ename).toBe('Interrupted')
    expect(resultText((await kernel.execute('kept')).messages)).toBe('42')
    const { variables } = await dap.body<{ variables: Variable[] }>('inspectVariables')
    expect(variables).toMatchObject([{ name: 'kept', value: '42' }])
  })

  test('disconnect while paused lets the cell go on, and nothing stops any more', async () => {
    await dap.attach()
    await dap.breakAt(cell, 12)
    const id = await run(cell)
    await dap.stopped()
    await dap.body('disconnect', { restart: false })
    expect(resultText((await kernel.finished(id)).messages)).toBe('11')
    expect((await dap.body<Content>('debugInfo')).isStarted).toBe(false)
    expect(resultText((await kernel.execute(cell)).messages)).toBe('11')
  })

  test('a new process is debugged like the old one', async () => {
    await dap.attach()
    await dap.breakAt(cell, 12)
    let id = await run(cell)
    await dap.stopped()
    // Died while paused.
    await dap.ask('evaluate', { expression: 'process.exit(3)', frameId: 1 })
    expect((await kernel.finished(id)).reply.ename).toBe('StateLost')
    await dap.event('continued')
    id = await run(cell)
    expect((await dap.stopped()).at).toBe('norm:12')
    await dap.body('continue')
    expect(resultText((await kernel.finished(id)).messages)).toBe('11')
  })
})
