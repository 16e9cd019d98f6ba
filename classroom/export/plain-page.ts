import { escapeHtml } from '../../src/host/escape.js'

/** A small page without scripts, light or dark as the reader has it. `refresh`: seconds until it loads itself again. */
export function plainPage({
  title,
  body,
  refresh,
}: {
  title: string
  /** HTML. */
  body: string
  refresh?: number
}): string {
  const again =
    refresh === undefined ? '' : `<meta http-equiv="refresh" content="${Math.ceil(refresh)}">`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">${again}<title>${escapeHtml(title)}</title>
<style>body{font:1.1rem/1.7 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1.25rem}small{margin-left:.75em}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>
`
}
