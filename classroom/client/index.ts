export { type HostOptions, openHost } from './host.js'
export { type NotebookOptions, type NotebookRun, runNotebook } from './notebook.js'
export type { ExecuteOptions, KernelHost, Launch, Outcome, Session, Status } from './types.js'
