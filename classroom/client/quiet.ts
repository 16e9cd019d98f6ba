let quieted = false

/** @jupyterlab/services logs its doings to the console; stdout is ours (`--json`), so these known lines are dropped. */
export function quietServices(): void {
  if (quieted) return
  quieted = true
  const drop = {
    debug: /^(Starting WebSocket: |Kernel: )/,
    warn: /^(Connection lost, reconnecting|The kernel ".*" does not exist on the server)/,
  }
  for (const [level, pattern] of Object.entries(drop) as ['debug' | 'warn', RegExp][]) {
    const original = console[level]
    console[level] = (...args: unknown[]) => {
      if (typeof args[0] !== 'string' || !pattern.test(args[0])) original.apply(console, args)
    }
  }
}
