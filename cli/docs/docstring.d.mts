export interface Block {
  kind: 'text' | 'lines'
  lines: string[]
}
export function parseDocstring(text: string): { body: Block[]; labels: Map<string, Block[]> }
export function toMarkdown(text: string, linkOf: (file: string) => string): string
