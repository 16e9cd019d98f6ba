// npm run docs: docs/api from the docstrings of what src/index.ts exports. `--check` only says whether it is current.
// TypeDoc needs TypeScript's old JavaScript API, which version 7 does not have: it lives in .cache/typedoc, with a TypeScript of its own.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { missingParts } from './docs/missing.mjs'
import { themeOf } from './docs/theme.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const packages = ['typedoc@0.28.20', 'typedoc-plugin-markdown@4.14.1', 'typescript@6.0.3']
const home = join(root, '.cache', 'typedoc', packages.join('_'))

const welcome = `# The library, name by name

Made from the docstrings by \`npm run docs\`, never edited: a page for each folder of \`src\`.
`

/** Installs the generator on the first call: beside, and renamed, since two may start together. */
function install() {
  if (existsSync(home)) return
  const fresh = `${home}-${process.pid}`
  mkdirSync(fresh, { recursive: true })
  const flags = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', fresh]
  const options = { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' }
  const { status } = spawnSync('npm', ['install', ...flags, ...packages], options)
  try {
    if (status === 0) renameSync(fresh, home)
  } catch {
    // The other one was faster.
  }
  rmSync(fresh, { recursive: true, force: true })
  if (existsSync(home)) return
  process.stderr.write(
    `docs: npm could not install ${packages.join(', ')}; is its registry reachable?\n`,
  )
  process.exit(1)
}

const load = (name) =>
  import(pathToFileURL(createRequire(join(home, 'package.json')).resolve(name)).href)

/** One entry a folder, so one page a folder: what the library's index.ts hands on of it. */
function writeEntries(source, folder) {
  const text = readFileSync(join(source, 'index.ts'), 'utf8')
  const lines = /^export ((?:type )?\{[^}]*\}|\*) from '\.\/([\w-]+)\/([\w/-]+)\.js'/gm
  const pages = {}
  for (const [, names, page, file] of text.matchAll(lines)) {
    const from = relative(folder, join(source, page, `${file}.js`))
    pages[page] = `${pages[page] ?? ''}export ${names} from '${from}'\n`
  }
  for (const [page, code] of Object.entries(pages)) writeFileSync(join(folder, `${page}.ts`), code)
  const tsconfig = {
    extends: relative(folder, join(root, 'tsconfig.json')),
    compilerOptions: { types: [] },
    include: ['*.ts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig))
  writeFileSync(join(folder, 'readme.md'), welcome)
}

/** Writes the pages of the library at `source` into `out`; gives what is wrong with its docstrings, a line each. */
async function makeDocs(source, out, folder) {
  const { Application, Logger, LogLevel } = await load('typedoc')
  const markdown = await load('typedoc-plugin-markdown')
  const library = await import('../dist/index.js')
  writeEntries(source, folder)
  const theme = themeOf(markdown, (name) => library[name]?.compiler.spec)
  const problems = []
  const app = await Application.bootstrapWithPlugins({
    plugin: [markdown.load, ({ renderer }) => renderer.defineTheme('downhill', theme)],
    logLevel: 'Warn',
    theme: 'downhill',
    router: 'module',
    name: 'downhill',
    tsconfig: join(folder, 'tsconfig.json'),
    entryPoints: [`${folder}/*.ts`],
    out,
    readme: join(folder, 'readme.md'),
    mergeReadme: true,
    disableGit: true,
    skipErrorChecking: true,
    excludeInternal: true,
    excludePrivate: true,
    disableSources: true,
    hidePageHeader: true,
    hideBreadcrumbs: true,
    hideGroupHeadings: true,
    useCodeBlocks: true,
    groupOrder: [
      'Variables',
      'Functions',
      'Classes',
      'Interfaces',
      'Type Aliases',
      'Constructors',
      'Properties',
      'Accessors',
      'Methods',
    ],
    interfacePropertiesFormat: 'table',
    classPropertiesFormat: 'table',
    typeAliasPropertiesFormat: 'table',
    validation: { notDocumented: true, notExported: false, invalidLink: true },
    // Names in full, and what can be called; the fields of an options object may speak for themselves.
    requiredToBeDocumented: [
      ...['Variable', 'Function', 'Class', 'Interface', 'TypeAlias'],
      ...['Accessor', 'Method'],
    ],
  })
  app.logger = new (class extends Logger {
    log(text, level) {
      if (level >= LogLevel.Warn) problems.push(text)
    }
  })()
  const project = await app.convert()
  if (!project) return problems
  app.validate(project)
  problems.push(...missingParts(project))
  if (problems.length === 0) await app.generateOutputs(project)
  return problems
}

const pagesOf = (folder) =>
  existsSync(folder)
    ? Object.fromEntries(readdirSync(folder).map((n) => [n, readFileSync(join(folder, n), 'utf8')]))
    : {}

/** The pages of `theirs` that `ours` has not, or has otherwise, and the other way round. */
function different(ours, theirs) {
  const names = new Set([...Object.keys(ours), ...Object.keys(theirs)])
  return [...names].filter((name) => ours[name] !== theirs[name])
}

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    source: { type: 'string', default: join(root, 'src') },
    out: { type: 'string', default: join(root, 'docs', 'api') },
  },
})
install()
const folder = join(root, '.cache', `api-${process.pid}`)
mkdirSync(folder, { recursive: true })
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const made = join(folder, 'pages')
const problems = await makeDocs(values.source, made, folder)
if (problems.length === 0) {
  const old = different(pagesOf(values.out), pagesOf(made))
  if (values.check)
    problems.push(...old.map((n) => `docs/api/${n} is not current; run npm run docs`))
  else {
    rmSync(values.out, { recursive: true, force: true })
    cpSync(made, values.out, { recursive: true })
  }
}
for (const problem of problems) process.stderr.write(`docs: ${problem}\n`)
process.exitCode = problems.length > 0 ? 1 : 0
