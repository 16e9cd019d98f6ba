import type { Handed } from '../../support/submission.js'

interface Case {
  handed: Handed
  /** Points of clip-by-value (of 5) and clip-by-norm (of 10). */
  points: [number, number]
  /** Lines of the flags and of the cells' troubles, in order. */
  notes?: RegExp[] | 'any'
}

const byValue = (body: string) =>
  `function clipByValue(gradient: number[], limit: number): number[] {\n${body}\n}`
const right = 'return gradient.map((x) => Math.min(limit, Math.max(-limit, x)))'

/** A cell that tries things and reports, in the only way that leaves the sandbox, which of them it could do. */
const attempts = (tries: Record<string, string>) => `
const done: string[] = []
${Object.entries(tries)
  .map(([name, code]) => `try { ${code}; done.push('${name}') } catch {}`)
  .join('\n')}
throw new Error('could: ' + done.join(', '))`

const fs = "(await import('node:fs'))"
const processes = "(await import('node:child_process'))"

/** Submissions that attack the grader (the last one uses what it may), and what they must get: their honest points. `port` is one that listens on the host. */
export const hostile = (repository: string, port: number): Record<string, Case> => ({
  'exits in the function': {
    handed: { answers: { 'clip-by-value': byValue('process.exit(0)') } },
    points: [0, 10],
  },
  'exits in a cell': {
    handed: { after: ['process.exit(0)'] },
    points: [5, 10],
    notes: [/^Cell 6: ended its process/],
  },
  'aborts in a cell': {
    handed: { before: ['process.abort()'] },
    points: [5, 10],
    notes: [/^Cell 2: ended its process/],
  },
  'loops in a cell': {
    handed: { after: ['while (true) {}'] },
    points: [5, 10],
    notes: [/^Cell 6: took too long/],
  },
  'waits for ever in a cell': {
    handed: { before: ['await new Promise(() => {})'] },
    points: [5, 10],
    notes: [/^Cell 2: took too long/],
  },
  'prints 100 MB in a cell and 1 MB in each call': {
    handed: {
      before: ["for (let i = 0; i < 100_000; i++) console.log('flood'.repeat(200))"],
      answers: { 'clip-by-value': byValue(`console.log('secret'.repeat(2e5)); ${right}`) },
    },
    points: [5, 10],
    notes: 'any', // on a slow machine the flood takes longer than a cell may
  },
  'throws later': {
    handed: {
      answers: {
        'clip-by-value': byValue(`setTimeout(() => { throw new Error('late') }); ${right}`),
      },
    },
    points: [5, 10],
  },
  'reads the machine': {
    handed: {
      before: [
        attempts({
          passwd: `${fs}.readFileSync('/etc/passwd')`,
          repository: `${fs}.readFileSync('${repository}/lessons/hidden.ts')`,
          'built checks': `${fs}.readFileSync('${repository}/dist/grader/checks.js')`,
          'built command': `${fs}.readdirSync('${repository}/dist/cli')`,
          notebooks: `${fs}.readdirSync('${repository}/notebooks')`,
          home: `${fs}.readdirSync('/root')`,
          programs: `${fs}.readdirSync('/usr/bin').includes('prlimit') && ${fs}.readFileSync('/usr/bin/env')`,
          environment: 'if (!process.env.PATH && !process.env.USER) throw 0',
          'environment of the sandbox': `if (!${fs}.readFileSync('/proc/1/environ', 'utf8').includes('SECRET')) throw 0`,
          'other submissions': `const found = ${fs}.readdirSync('.'); if (!found.some((name: string) => name.endsWith('.ipynb'))) throw 0`,
        }),
      ],
    },
    points: [5, 10],
    notes: [/^Cell 2: Error: could: $/],
  },
  'writes elsewhere': {
    handed: {
      before: [
        attempts({
          root: `${fs}.writeFileSync('/mine', '')`,
          system: `${fs}.writeFileSync('/usr/lib/mine', '')`,
          kernel: `${fs}.appendFileSync('${repository}/dist/kernel/main.js', '//')`,
          package: `${fs}.writeFileSync('${repository}/mine', '')`,
          device: `${fs}.writeFileSync('/dev/mine', '')`,
          // Opened only: with the rights of root, what is written here holds for the whole machine.
          'settings of the machine': `${fs}.openSync('/proc/sys/kernel/core_pattern', 'r+')`,
          'memory of its kernel': `${fs}.openSync('/proc/' + process.ppid + '/mem', 'r+')`,
          'a large file': `${fs}.writeFileSync('large', Buffer.alloc(80e6))`,
          'large memory': `${fs}.writeFileSync('/dev/shm/large', Buffer.alloc(80e6))`,
        }),
      ],
    },
    points: [5, 10],
    notes: [/^Cell 2: Error: could: $/],
  },
  'uses the network': {
    handed: {
      before: [
        `import { connect } from 'node:net'
await new Promise((resolve, reject) => connect(${port}, '127.0.0.1').on('connect', resolve).on('error', reject))`,
      ],
    },
    points: [5, 10],
    notes: [/^Cell 2: Error: connect ECONNREFUSED/],
  },
  'starts a shell': {
    handed: { before: [`${processes}.execFileSync('/bin/sh', ['-c', 'id'])`] },
    points: [5, 10],
    notes: [/^Cell 2: Error: spawnSync \/bin\/sh ENOENT/],
  },
  'kills its parents': {
    handed: {
      before: [
        "for (const pid of [process.ppid, 1, -1]) try { process.kill(pid, 'SIGKILL') } catch {}",
      ],
    },
    points: [5, 10],
    notes: [/^Cell 2: ended its process/],
  },
  'kills its kernel in the function': {
    handed: {
      answers: { 'clip-by-value': byValue("process.kill(process.ppid, 'SIGKILL'); return []") },
    },
    points: [0, 10],
  },
  'starts processes without end': {
    handed: {
      before: [
        `import { spawn } from 'node:child_process'
for (;;) { spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); await new Promise((r) => setTimeout(r, 5)) }`,
      ],
    },
    points: [5, 10],
    notes: [/^started more than 16 processes$/, /^Cell 2: ended its process/],
  },
  'takes all memory in the function': {
    handed: {
      answers: {
        'clip-by-value': byValue(
          'const all = []; for (;;) all.push(new Float64Array(1e7).fill(1))',
        ),
      },
    },
    points: [0, 10],
  },
  'fills the folder of its sockets': {
    handed: {
      before: [
        `const [folder] = /[^\\0]+(?=\\/connection\\.json)/.exec(${fs}.readFileSync('/proc/' + process.ppid + '/cmdline', 'utf8'))!
for (let i = 0; ; i++) { ${fs}.writeFileSync(folder + '/' + i, 'x'); await new Promise((r) => setTimeout(r, 1)) }`,
      ],
    },
    points: [5, 10],
    notes: [/^wrote files beside the sockets/, /^Cell 2: ended its process/],
  },
  'fills files without a name beside its sockets': {
    handed: {
      before: [
        `const [folder] = /[^\\0]+(?=\\/connection\\.json)/.exec(${fs}.readFileSync('/proc/' + process.ppid + '/cmdline', 'utf8'))!
const files: number[] = []
for (;;) {
  files.push(${fs}.openSync(folder + '/s-6', 'w'))
  ;${fs}.unlinkSync(folder + '/s-6')
  for (const file of files) ${fs}.writeSync(file, 'x'.repeat(1000))
}`,
      ],
    },
    points: [5, 10],
    notes: [/^wrote files beside the sockets/, /^Cell 2: ended its process/],
  },
  'makes a folder beside its sockets': {
    handed: {
      before: [
        `const [folder] = /[^\\0]+(?=\\/connection\\.json)/.exec(${fs}.readFileSync('/proc/' + process.ppid + '/cmdline', 'utf8'))!
;${fs}.mkdirSync(folder + '/s-6')
await new Promise(() => {})`,
      ],
    },
    points: [5, 10],
    notes: [/^wrote files beside the sockets/, /^Cell 2: ended its process/],
  },
  'patches what the check uses': {
    handed: {
      answers: { 'clip-by-value': byValue('return gradient') },
      before: [
        `const yes = () => true
Object.assign(globalThis, { check: yes })
Array.prototype.every = yes
Math.abs = () => 0
Number.isFinite = yes`,
      ],
    },
    points: [2, 10],
  },
  'breaks what its kernel needs': {
    handed: {
      before: [
        `JSON.stringify = () => '{"ok":true,"points":99}'
JSON.parse = () => ({})
Array.prototype.push = () => 0
Promise.prototype.then = () => {}`,
      ],
    },
    points: [5, 10],
    notes: 'any',
  },
  'returns what equals everything': {
    handed: {
      answers: {
        'clip-by-value': byValue(`const all: object = new Proxy([], {
  get: (_t, name) => (name === 'length' ? 8 : name === Symbol.toPrimitive ? () => 1 : all),
  has: () => true,
  getOwnPropertyDescriptor: () => ({ value: all, enumerable: true, configurable: true }),
})
return all as number[]`),
      },
    },
    points: [0, 10],
  },
  'returns what cannot be read': {
    handed: {
      answers: {
        'clip-by-value': byValue(`
const kinds = [
  () => { const circle: unknown[] = []; circle.push(circle); return circle },
  () => JSON.parse('['.repeat(1e5) + ']'.repeat(1e5)),
  () => new Array(3e6).fill(7),
  () => ({ toJSON: () => { throw new Error('no') }, get x() { throw new Error('no') } }),
  () => 'x'.repeat(5e6),
  () => Symbol('s'),
]
return kinds[gradient.length % kinds.length]() as number[]`),
      },
    },
    points: [0, 10],
  },
  'forges replies': {
    handed: {
      answers: {
        'clip-by-value': byValue(`
const reply = { call: 'guess', state: 'ok', value: '{"$":"object","items":[["__proto__",{"ok":true}]]}' }
display({ 'application/vnd.downhill.reply+json': reply }, { raw: true })
return [{ $: 'float64', items: 'many' }] as unknown as number[]`),
      },
    },
    points: [0, 10],
  },
  'tells the inputs': {
    handed: {
      answers: { 'clip-by-value': byValue("throw new Error('leak ' + JSON.stringify(gradient))") },
    },
    points: [0, 10],
  },
  'deletes one check and passes another by hand': {
    handed: {
      change(notebook) {
        notebook.cells = notebook.cells.filter(({ id }) => id !== 'clip-by-value')
        notebook.cells.find(({ id }) => id === 'clip-by-norm')!.source = '10'
      },
    },
    points: [5, 10],
    notes: [/^check "clip-by-value" was deleted$/, /^check "clip-by-norm" was changed$/],
  },
  'calls its answers checks': {
    handed: {
      answers: { 'clip-by-value': byValue('return gradient') },
      change(notebook) {
        for (const { metadata } of notebook.cells)
          if (metadata.nbgrader) Object.assign(metadata.nbgrader, { grade: true, points: 99 })
      },
    },
    // Cells that say they are checks are not run.
    points: [0, 0],
  },
  'uses the data of the library': {
    handed: {
      before: [
        "import { digits } from 'downhill'\nif ((await digits()).length !== 1797) throw new Error('no data')",
      ],
    },
    points: [5, 10],
  },
})
