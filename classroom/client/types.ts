import type { IOutput } from '@jupyterlab/nbformat'

/** How a cell ended. `timeout`: interrupted by us; `dead`: the kernel went away; `aborted`: skipped after an error. */
export type Status = 'ok' | 'error' | 'aborted' | 'timeout' | 'dead'

export interface Outcome {
  status: Status
  executionCount: number | null
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
}

/** One running kernel, wherever it runs. */
export interface Session {
  readonly kernelId: string
  execute(code: string, options?: ExecuteOptions): Promise<Outcome>
  interrupt(): Promise<void>
  restart(): Promise<void>
  shutdown(): Promise<void>
}

/** How the embedded host starts a kernel process. */
export interface Launch {
  /** Turns the kernel's argv into the one to spawn: where a sandbox wraps it. `folder` holds the connection file and the sockets. */
  wrap?(argv: string[], folder: string): string[]
  env?: Record<string, string>
}

/** Somewhere kernels can be started: embedded in this process, or a Jupyter Server, JupyterHub or Enterprise Gateway. */
export interface KernelHost {
  /** "embedded" or the server's address without its token. */
  readonly name: string
  start(options: { kernel: string; cwd: string; launch?: Launch }): Promise<Session>
  dispose(): Promise<void>
}
