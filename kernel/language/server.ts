import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { RpcProcess } from './rpc.js'

/** TypeScript's native binary, called directly: its JavaScript wrapper would cost a Node process. */
function findBinary(packageRoot: string): string {
  const require = createRequire(join(packageRoot, 'package.json'))
  const typescript = createRequire(require.resolve('typescript/package.json'))
  const platform = `@typescript/typescript-${process.platform}-${process.arch}`
  const name = process.platform === 'win32' ? 'tsc.exe' : 'tsc'
  return join(dirname(typescript.resolve(`${platform}/package.json`)), 'lib', name)
}

interface Document {
  text: string
  languageId: string
  version: number
}

export interface ServerOptions {
  /** The notebook's folder; it must exist. */
  folder: string
  packageRoot: string
  configFile: string
}

/**
 * TypeScript's language server and the documents that it was given. A document lives in memory, not on disk. When the
 * process has ended, the next request starts another one and gives it the documents again.
 */
export class LanguageServer {
  readonly #options: ServerOptions
  readonly #documents = new Map<string, Document>()
  #rpc?: RpcProcess
  /** The running process once it takes documents. */
  #connected?: Promise<RpcProcess>
  #ready?: RpcProcess

  constructor(options: ServerOptions) {
    this.#options = options
  }

  uri(file: string): string {
    return pathToFileURL(join(this.#options.folder, file)).href
  }

  has(file: string): boolean {
    return this.#documents.has(file)
  }

  put(file: string, text: string, languageId = 'typescript'): void {
    const before = this.#documents.get(file)
    if (before?.text === text) return
    const document = { text, languageId, version: (before?.version ?? 0) + 1 }
    this.#documents.set(file, document)
    if (before) this.#change(file, document)
    else this.#open(file, document)
  }

  removeAll(): void {
    for (const file of this.#documents.keys())
      this.#ready?.notify('textDocument/didClose', { textDocument: { uri: this.uri(file) } })
    this.#documents.clear()
  }

  get alive(): boolean {
    return this.#rpc?.alive ?? false
  }

  get pid(): number | undefined {
    return this.#rpc?.pid
  }

  /** Says that files appeared on disk, or changed: the server does not look for them again by itself. */
  filesTouched(files: string[], how: 'created' | 'changed'): void {
    const type = how === 'created' ? 1 : 2
    const changes = files.map((path) => ({ uri: pathToFileURL(path).href, type }))
    this.#ready?.notify('workspace/didChangeWatchedFiles', { changes })
  }

  /** Asks about one document. Starts the server if it does not run. Rejects if it ends before it answers. */
  async request<Result>(method: string, file: string, params: object = {}): Promise<Result> {
    const rpc = await this.#connect()
    const textDocument = { uri: this.uri(file) }
    return (await rpc.request(method, { textDocument, ...params })) as Result
  }

  async resolve<Item>(item: Item): Promise<Item> {
    const rpc = await this.#connect()
    return (await rpc.request('completionItem/resolve', item)) as Item
  }

  stop(): void {
    this.#rpc?.kill()
    this.#ready = undefined
  }

  #connect(): Promise<RpcProcess> {
    if (!this.#connected || !this.#rpc?.alive) {
      this.#ready = undefined
      this.#connected = this.#start()
    }
    return this.#connected
  }

  /**
   * The server is written in Go: collecting garbage later, but within a limit, takes a quarter off its start. Some 55 MB are
   * alive with Node's types and ours, 90 MB with five large packages; the nearer that comes to the limit, the slower.
   */
  async #start(): Promise<RpcProcess> {
    const { folder, packageRoot, configFile } = this.#options
    const env = { GOGC: '400', GOMEMLIMIT: '128MiB', ...process.env }
    const rpc = new RpcProcess(findBinary(packageRoot), ['--lsp', '--stdio'], { cwd: folder, env })
    this.#rpc = rpc
    const rootUri = pathToFileURL(folder).href
    await rpc.request('initialize', {
      processId: process.pid,
      rootUri,
      workspaceFolders: [{ uri: rootUri, name: 'notebook' }],
      initializationOptions: {
        disablePushDiagnostics: true,
        userPreferences: {
          customConfigFileName: configFile,
          // Otherwise every global completion lists 4,000 names to import, and takes ten times as long.
          includeCompletionsForModuleExports: false,
          // Otherwise every start runs `npm install types-registry` in the user's cache, and what a cell imports is asked of the registry.
          disableAutomaticTypeAcquisition: true,
        },
      },
      capabilities: {
        general: { positionEncodings: ['utf-16'] },
        textDocument: {
          diagnostic: {},
          completion: {
            completionItem: {
              snippetSupport: false,
              documentationFormat: ['markdown'],
              resolveSupport: { properties: ['documentation', 'detail'] },
            },
          },
          hover: { contentFormat: ['markdown'] },
        },
      },
    })
    rpc.notify('initialized', {})
    this.#ready = rpc
    for (const [file, document] of this.#documents) this.#open(file, document)
    return rpc
  }

  #open(file: string, { text, languageId, version }: Document): void {
    this.#ready?.notify('textDocument/didOpen', {
      textDocument: { uri: this.uri(file), languageId, version, text },
    })
  }

  #change(file: string, { text, version }: Document): void {
    this.#ready?.notify('textDocument/didChange', {
      textDocument: { uri: this.uri(file), version },
      contentChanges: [{ text }],
    })
  }
}
