import type { Handler } from './types.js'

/** Ends the kernel; the client starts a new one when `restart` is set. Spec: messaging.html#kernel-shutdown */
export const shutdown: Handler<{ restart?: boolean }, object> = {
  request: 'shutdown_request',
  reply: 'shutdown_reply',
  handle({ restart = false }, context) {
    const content = { status: 'ok', restart }
    context.publish('shutdown_reply', content)
    context.afterwards(context.shutdown)
    return content
  },
}

/** Stops what runs. Spec: messaging.html#kernel-interrupt */
export const interrupt: Handler<object, object> = {
  request: 'interrupt_request',
  reply: 'interrupt_reply',
  handle(_content, { evaluator }) {
    evaluator.interrupt()
    return { status: 'ok' }
  },
}
