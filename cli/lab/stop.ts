/**
 * Calls `stop` when someone ends us: Ctrl-C, a signal, a closed terminal. Under `npm start` there is a shell between npm
 * and us; npm hands a signal to that shell alone, which dies and says nothing, so there we watch whether it is gone.
 */
export function onStop(stop: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    stop()
  }, 500)
  watch.unref()
}
