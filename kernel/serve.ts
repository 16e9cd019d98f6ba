import { randomUUID } from 'node:crypto'
import { Debugger } from './debugger/debugger.js'
import { lostState } from './evaluator/endings.js'
import { Supervisor } from './evaluator/supervisor.js'
import { createLanguageService } from './language/typescript.js'
import { Comms } from './messages/comms.js'
import { Dispatcher } from './messages/dispatch.js'
import { History } from './messages/history.js'
import { historyPath } from './messages/history-file.js'
import { Output } from './messages/output.js'
import { Publisher } from './messages/publisher.js'
import { Subshells } from './messages/subshells.js'
import type { Kernel, TypeErrors } from './messages/types.js'
import { packageRoot } from './package.js'
import { readConnection } from './wire/connection.js'
import { register, writeConnection } from './wire/registration.js'
import { bindSockets } from './wire/sockets.js'

/** Binds the sockets of a connection file and serves until shut down. */
export async function serve(path: string, types: TypeErrors): Promise<void> {
  const connection = readConnection(path)
  const session = randomUUID()
  const comms = new Comms()
  let output: Output | undefined
  // The evaluator starts while the sockets are being bound; it shows nothing before its first request.
  const evaluator: Supervisor = new Supervisor({
    output: (event) => output?.show(event),
    debug: (message) => dap.receive(message),
    replaced: () => dap.replaced(),
    target: (name) => comms.register(name),
    gone: (cell) => output?.closeComms(cell),
    died: (reason, cell) => {
      language.reset()
      output?.show({ type: 'late', cell, error: lostState(reason) })
    },
  })
  const dap = new Debugger({
    send: (message) => evaluator.debug(message),
    publish: (event) => publisher.publish('debug_event', { ...event }, {}),
  })
  const language = createLanguageService({ folder: process.cwd(), packageRoot: packageRoot() })
  const sockets = await bindSockets(connection, session)
  await register(connection, sockets.ports, session)
  const forget = connection.registration && writeConnection(path, connection, sockets.ports)
  const publisher = new Publisher(sockets, session)
  output = new Output({ publisher, sockets, comms, session })

  const close = async (): Promise<void> => {
    evaluator.close()
    language.dispose()
    await publisher.flush()
    sockets.close()
    forget?.()
    // Not process.exit: it skips ZeroMQ's own end, which still delivers what was sent. Nothing holds this process any more.
    setTimeout(() => process.exit(0), 3000).unref()
  }
  const kernel: Kernel = {
    evaluator,
    debugger: dap,
    history: new History(historyPath()),
    comms,
    subshells: new Subshells(),
    language,
    types,
    count: { value: 0 },
    shutdown: () => void close(),
  }
  const dispatcher = new Dispatcher({ sockets, publisher, output, kernel, session })
  void sockets.subscribed.then(() => publisher.starting())
  sockets.listen('control', (message) => dispatcher.control(message))
  sockets.listen('shell', (message) => dispatcher.shell(message))
  sockets.listen('stdin', ({ header, content }) => {
    if (header.msg_type === 'input_reply') evaluator.input(String(content.value ?? ''))
  })
  // Not before: kernel_info need not wait for it.
  if (types !== 'off') language.start()
  process.on('SIGTERM', () => void close())
  // Ctrl-C in the terminal of a client that does not know interrupt_mode "message".
  process.on('SIGINT', () => evaluator.interrupt())
  watchParent(close)
}

/** Jupyter names its own process in JPY_PARENT_PID; when it is gone, nobody will ever ask us to stop. */
function watchParent(close: () => Promise<void>): void {
  const parent = process.ppid
  if (!process.env.JPY_PARENT_PID || process.platform === 'win32') return
  setInterval(() => {
    if (process.ppid !== parent) void close()
  }, 1000).unref()
}
