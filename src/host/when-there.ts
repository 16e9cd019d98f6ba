import type { MimeBundle } from './types.js'

/** Shows a bundle now, or a promised one when it is there. A broken promise is shown as text. */
export function whenThere(
  bundle: MimeBundle | Promise<MimeBundle>,
  show: (bundle: MimeBundle) => void,
): void {
  if (bundle instanceof Promise)
    bundle.then(show, (error: unknown) => show({ 'text/plain': `display: ${String(error)}` }))
  else show(bundle)
}
