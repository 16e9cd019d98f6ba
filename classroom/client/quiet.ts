let quieted = false

/**
 * @jupyterlab/services tells its doings through `console.debug`, which Node prints on stdout, where `--json` goes; and each
 * reconnection through `console.warn`. Our own code uses neither for that, so these are dropped.
 */
export function quietServices(): void {
  if (quieted) return
  quieted = true
  console.debug = () => {}
  const { warn } = console
  console.warn = (...args: unknown[]) => {
    if (!/^(Connection lost, reconnecting|The kernel ".*" does not exist)/.test(String(args[0])))
      warn.apply(console, args)
  }
}
