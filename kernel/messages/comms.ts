import type { Handler } from './types.js'

/** The kernel knows no comm targets yet. Spec: messaging.html#comm-info */
export const commInfo: Handler<object, object> = {
  request: 'comm_info_request',
  reply: 'comm_info_reply',
  handle: () => ({ status: 'ok', comms: {} }),
}

/** A comm to an unknown target is closed at once, so that its frontend does not wait. Spec: messaging.html#opening-a-comm */
export const commOpen: Handler<{ comm_id?: string }, void> = {
  request: 'comm_open',
  handle({ comm_id }, { publish }) {
    publish('comm_close', { comm_id, data: {} })
  },
}

/** Late words on a comm that is closed. */
export const commMessage: Handler<object, void> = { request: 'comm_msg', handle: () => {} }
export const commClose: Handler<object, void> = { request: 'comm_close', handle: () => {} }
