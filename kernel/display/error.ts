import { escapeHtml } from '../../src/host/escape.js'
import type { MimeBundle } from '../../src/host/types.js'
import { failure } from '../evaluator/failure.js'

/** An error that is shown, not thrown: its traceback with the lines of the cell, the one in question marked. */
export function errorBundle(error: Error): MimeBundle {
  const { traceback } = failure(error)
  const lines = traceback.map((line) =>
    /^> +\d+ \| /.test(line) ? `<mark>${escapeHtml(line)}</mark>` : escapeHtml(line),
  )
  return { 'text/plain': traceback.join('\n'), 'text/html': `<pre>${lines.join('\n')}</pre>` }
}
