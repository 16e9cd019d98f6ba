import { commClose, commInfo, commMessage, commOpen } from './comms.js'
import { complete } from './complete.js'
import { interrupt, shutdown } from './control.js'
import { debug } from './debug.js'
import { execute } from './execute.js'
import { historyHandler } from './history.js'
import { inspect } from './inspect.js'
import { isComplete } from './is-complete.js'
import { kernelInfo } from './kernel-info.js'
import { createSubshell, deleteSubshell, listSubshells } from './subshells.js'
import type { Handler } from './types.js'

/** Every message that the kernel answers, on shell and on control alike. A new message is one line here. */
const handlers = [
  kernelInfo,
  execute,
  complete,
  inspect,
  isComplete,
  historyHandler,
  commInfo,
  commOpen,
  commMessage,
  commClose,
  interrupt,
  shutdown,
  createSubshell,
  deleteSubshell,
  listSubshells,
  debug,
]

// Contents come from the wire, so each handler's own request type is a promise of the protocol, not of the compiler.
export const table = new Map(
  handlers.map((handler) => [handler.request, handler as Handler<never, unknown>]),
)
