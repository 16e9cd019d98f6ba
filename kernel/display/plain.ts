import { imageBundle } from './image.js'
import { text } from './text.js'

/** The words for one representation, for clients that show no other: never left out, never markup. */
export function plainText(type: string, content: unknown): string {
  switch (type) {
    case 'application/json':
      return text(content)
    case 'text/html':
    case 'image/svg+xml':
      return withoutTags(String(content)) || `${type === 'text/html' ? 'HTML' : 'SVG'}, no text`
    case 'image/png': {
      const bytes = Buffer.from(String(content), 'base64')
      return String(imageBundle(bytes)?.['text/plain'] ?? `picture, ${bytes.length} bytes`)
    }
    default:
      return String(content)
  }
}

const entities = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['#39', "'"],
  ['nbsp', ' '],
])

function withoutTags(markup: string): string {
  return markup
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->/gi, '')
    .replace(/<(br|\/(p|div|tr|li|h\d|title|text))\b[^>]*>/gi, '\n')
    .replace(/<\/t[dh]>/gi, '  ')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => entities.get(name)!)
    .replace(/[ \t]+$/gm, '')
    .replace(/\n\s*\n/g, '\n')
    .trim()
}
