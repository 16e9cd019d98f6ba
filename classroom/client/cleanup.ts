const living = new Set<() => void>()
const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const

function endAll(): void {
  for (const end of living) end()
}

function endBySignal(signal: keyof typeof signals): void {
  process.exit(128 + signals[signal])
}

/**
 * Calls `end` when this process exits, also by a signal, until the returned function is called.
 * Kernels have process groups of their own, so a Ctrl-C at the terminal does not reach them by itself.
 */
export function whileAlive(end: () => void): () => void {
  if (living.size === 0) {
    process.on('exit', endAll)
    for (const signal of Object.keys(signals) as (keyof typeof signals)[])
      process.on(signal, endBySignal)
  }
  living.add(end)
  return () => {
    if (!living.delete(end) || living.size > 0) return
    process.off('exit', endAll)
    for (const signal of Object.keys(signals) as (keyof typeof signals)[])
      process.off(signal, endBySignal)
  }
}
