/**
 * Keeps Node from listening for debuggers, on whose port any local user may run code here: neither a SIGUSR1 from outside
 * opens one (Node's own habit), nor does `--inspect` in the NODE_OPTIONS of whoever started Jupyter.
 */
export function noInspector(): void {
  process.on('SIGUSR1', () => {})
  const { NODE_OPTIONS = '' } = process.env
  if ([...process.execArgv, NODE_OPTIONS].some((option) => option.includes('--inspect')))
    process.getBuiltinModule('node:inspector').close()
}

/** Flags and environment with which another Node has none from its first moment on. */
export function withoutInspector(env = process.env): { flags: string[]; env: NodeJS.ProcessEnv } {
  const major = Number(process.versions.node.split('.')[0])
  const { NODE_OPTIONS = '', ...rest } = env
  const options = NODE_OPTIONS.replace(/(^|\s)--inspect(-\w+)*(=\S+)?(?=\s|$)/g, '').trim()
  return {
    flags: major >= 24 ? ['--disable-sigusr1'] : [],
    env: options === '' ? rest : { ...rest, NODE_OPTIONS: options },
  }
}
