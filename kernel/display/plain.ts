import { imageBundle } from './image.js'
import { text } from './text.js'
import { words } from './words.js'

/** The words for one representation, for clients that show no other: never left out, never markup. */
export function plainText(type: string, content: unknown): string {
  switch (type) {
    case 'application/json':
      return text(content)
    case 'text/html':
    case 'image/svg+xml':
      return words(String(content), type === 'text/html' ? 'HTML' : 'SVG')
    case 'image/png': {
      const bytes = Buffer.from(String(content), 'base64')
      return String(imageBundle(bytes)?.['text/plain'] ?? `picture, ${bytes.length} bytes`)
    }
    default:
      return String(content)
  }
}
