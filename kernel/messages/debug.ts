import type { DapRequest } from '../debugger/debugger.js'
import type { Handler } from './types.js'

/** A request of the Debug Adapter Protocol, carried by Jupyter's. Spec: messaging.html#debug-request */
export const debug: Handler<DapRequest, object> = {
  request: 'debug_request',
  reply: 'debug_reply',
  handle: (content, context) => context.debugger.handle(content, context.afterwards),
}
