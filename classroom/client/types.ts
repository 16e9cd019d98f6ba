import type { ILanguageInfoMetadata, IOutput } from '@jupyterlab/nbformat'

/** How a cell ended. `timeout`: interrupted by us; `dead`: the kernel went away; `aborted`: skipped after an error. */
export type Status = 'ok' | 'error' | 'aborted' | 'timeout' | 'dead'

export interface Outcome {
  status: Status
  executionCount: number | null
  /** Live: a later `display(…, { update })` changes the output it names here too. */
  outputs: IOutput[]
  error?: { ename: string; evalue: string; traceback: string[] }
}

export interface ExecuteOptions {
  /** Milliseconds until the cell is interrupted; no limit by default. */
  timeout?: number
  silent?: boolean
  storeHistory?: boolean
  stopOnError?: boolean
  /** Bytes of output kept; more is cut with a note. Default 1e6. */
  outputLimit?: number
  /** Printed text is neither kept nor counted. */
  dropStreams?: boolean
  /** Of the request's message: our kernel reads `downhill.types`. */
  metadata?: Record<string, string | Record<string, string>>
}

/** One running kernel, wherever it runs. */
export interface Session {
  readonly kernelId: string
  /** The kernel's own `language_info`, for a notebook's metadata. */
  readonly language: ILanguageInfoMetadata
  /** False once the kernel went away; `restart` brings a fresh one. */
  readonly alive: boolean
  /** Never rejects for what the code or the kernel does: that is in the outcome. */
  execute(code: string, options?: ExecuteOptions): Promise<Outcome>
  interrupt(): Promise<void>
  restart(): Promise<void>
  shutdown(): Promise<void>
}

/** How the embedded host starts a kernel process. */
export interface Launch {
  /** Turns the kernel's argv into the one to spawn: where a sandbox wraps it. `folder` holds the connection file and the sockets. */
  wrap?(argv: string[], folder: string): string[]
  /** Added to this process's environment; with `wrap`, to nothing but PATH. */
  env?: Record<string, string>
  /** Called with the process id of each kernel process started: where a guard watches it. */
  started?(pid: number): void
  ended?(): void
}

export interface StartOptions {
  kernel: string
  /** Where the kernel runs; a remote server chooses its own folder. */
  cwd: string
  launch?: Launch
}

/** Somewhere kernels can be started: embedded in this process, or a Jupyter Server, JupyterHub or Enterprise Gateway. */
export interface KernelHost {
  /** "embedded" or the server's address without its token. */
  readonly name: string
  start(options: StartOptions): Promise<Session>
  dispose(): Promise<void>
}

/** What a kernel.json says, as far as starting it goes. */
export interface Spec {
  argv: string[]
  display_name: string
  language: string
  interrupt_mode?: 'signal' | 'message'
  env?: Record<string, string>
}
