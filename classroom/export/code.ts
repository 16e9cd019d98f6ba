import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import json from 'highlight.js/lib/languages/json'
import python from 'highlight.js/lib/languages/python'
import typescript from 'highlight.js/lib/languages/typescript'
import { escapeHtml } from '../../src/host/escape.js'

hljs.registerLanguage('typescript', typescript)
hljs.registerLanguage('python', python)
hljs.registerLanguage('json', json)
hljs.registerLanguage('bash', bash)

const names: Readonly<Record<string, string>> = {
  typescript: 'typescript',
  ts: 'typescript',
  tslab: 'typescript',
  javascript: 'typescript',
  js: 'typescript',
  python: 'python',
  py: 'python',
  json: 'json',
  bash: 'bash',
  sh: 'bash',
  shell: 'bash',
}

/** Code as HTML with the classes of highlight.js; a language that we do not colour is escaped text. */
export function highlight(code: string, language: string): string {
  const known = names[language.trim().toLowerCase()]
  return known === undefined ? escapeHtml(code) : hljs.highlight(code, { language: known }).value
}
