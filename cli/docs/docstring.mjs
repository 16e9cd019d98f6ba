/** The labels that a docstring of ours may have, set in columns: `Source    Kingma & Ba 2015`. */
const labels = ['Source', 'Differs', 'Options', 'Defaults', 'Memory', 'Tests']
const labelled = new RegExp(`^(${labels.join('|')}) {2,}(?=\\S)`)
const between = new RegExp(` {3,}(?=(?:${labels.join('|')}) {2,}\\S)`)

/**
 * A docstring taken apart: paragraphs and equations (indented lines, which stay lines of their own), and what its labels say.
 * @param {string} text
 * @returns {{ body: { kind: 'text' | 'lines', lines: string[] }[], labels: Map<string, { kind: 'text' | 'lines', lines: string[] }[]> }}
 */
export function parseDocstring(text) {
  const body = []
  const found = new Map()
  let blocks = body
  for (const whole of text.split('\n')) {
    for (const line of whole.split(between)) {
      const label = labelled.exec(line)
      if (label) {
        blocks = []
        found.set(label[1], blocks)
        add(blocks, 'text', line.slice(label[0].length))
      } else if (/^ {8,}/.test(line) && blocks !== body && blocks.at(-1).kind === 'text')
        add(blocks, 'text', line.trim())
      else if (/^ {2,}\S/.test(line)) add(blocks, 'lines', line.slice(2))
      else {
        // Back at the margin without a label: a sentence about the whole.
        if (blocks !== body) blocks = body
        add(blocks, 'text', line)
      }
    }
  }
  return { body, labels: found }
}

function add(blocks, kind, line) {
  const last = blocks.at(-1)
  if (last?.kind === kind) last.lines.push(line)
  else blocks.push({ kind, lines: [line] })
}

/** The docstring as Markdown: equations as code, labels as a list. `linkOf` gives the address of a file. */
export function toMarkdown(text, linkOf) {
  const { body, labels: found } = parseDocstring(text)
  const parts = body.map(blockOf)
  const items = Array.from(found, ([label, blocks]) => {
    const said = blocks.map((block) => blockOf(block).replaceAll('\n', '\n  ')).join('\n\n  ')
    const files = /^test\/[\w./-]+$/.test(said) ? `[${said}](${linkOf(said)})` : said
    return `- **${label}** ${files}`
  })
  return [...parts, items.join('\n')].filter(Boolean).join('\n\n').trim()
}

const blockOf = ({ kind, lines }) =>
  kind === 'lines' ? `\`\`\`text\n${lines.join('\n')}\n\`\`\`` : lines.join('\n')
