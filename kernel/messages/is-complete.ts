import { completeness } from '../language/completeness.js'
import type { Completeness } from '../language/service.js'
import { asked } from './execute.js'
import { readCell } from './magics/parse.js'
import type { Handler } from './types.js'

/** Tells a console whether Enter should run the cell. Spec: messaging.html#code-completeness */
export const isComplete: Handler<{ code: string }, Completeness> = {
  request: 'is_complete_request',
  reply: 'is_complete_reply',
  handle: ({ code }) => (asked(code) ? { status: 'complete' } : completeness(readCell(code).code)),
}
