import { plainText } from '../../display/plain.js'
import type { Magic } from './types.js'

const shows = (name: string, type: string, what: string): Magic => ({
  name,
  usage: `%%${name}`,
  summary: `Shows the cell as ${what}.`,
  forms: ['%%'],
  answer({ body }, { publish }) {
    const data = { [type]: body, 'text/plain': plainText(type, body) }
    publish('display_data', { data, metadata: {}, transient: {} })
  },
})

/** `%%html`, `%%markdown`, `%%svg`: the cell is not code but what is shown. */
export const html = shows('html', 'text/html', 'HTML')
export const markdown = shows(
  'markdown',
  'text/markdown',
  'Markdown, with formulas between dollar signs',
)
export const svg = shows('svg', 'image/svg+xml', 'a drawing')
