const entities = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['#39', "'"],
  ['nbsp', ' '],
])

/** The words in HTML or SVG; `kind` is what to say when there are none. */
export function words(markup: string, kind: string): string {
  return (
    markup
      .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->/gi, '')
      .replace(/<(br|\/(p|div|tr|li|h\d|title|text|summary|caption))\b[^>]*>/gi, '\n')
      .replace(/<\/t[dh]>/gi, '  ')
      .replace(/<[^>]*>/g, '')
      .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => entities.get(name)!)
      .replace(/[ \t]+$/gm, '')
      .replace(/\n\s*\n/g, '\n')
      .trim() || `${kind}, no text`
  )
}
