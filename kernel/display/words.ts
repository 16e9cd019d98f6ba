const entities = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['#39', "'"],
  ['nbsp', ' '],
])

/** The words in HTML or SVG; `kind` is what to say when there are none. Each step is linear: the markup may be a learner's mistake of 10 MB. */
export function words(markup: string, kind: string): string {
  return (
    markup
      // What is never closed reaches to the end, as browsers read it.
      .replace(/<(script|style)\b[\s\S]*?(?:<\/\1\s*>|$)|<!--[\s\S]*?(?:-->|$)/gi, '')
      .replace(/<(br|\/(p|div|tr|li|h\d|title|text|summary|caption))\b[^<>]*>/gi, '\n')
      .replace(/<\/t[dh]>/gi, '  ')
      .replace(/<[^<>]*>/g, '')
      .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => entities.get(name)!)
      .split('\n')
      .map((line) => line.trimEnd())
      .filter((line) => line !== '')
      .join('\n')
      .trim() || `${kind}, no text`
  )
}
