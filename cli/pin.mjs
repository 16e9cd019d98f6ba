import { readFile } from 'node:fs/promises'
import { parse } from 'acorn'
import { transform } from 'esbuild'

/**
 * esbuild plugin: writes the text of each rule beside it, as `source: "…"` (of `average`, `averageSource`). The compiler reads that text, so a minifier,
 * bundler or coverage tool may rewrite the function as it likes: names (the columns of `trace`) and syntax stay.
 */
export const pinRules = {
  name: 'pin rules',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      if (path.includes('node_modules') || !/\bdefine(Optimizer|Schedule)\(\{/.test(text)) return
      const { code } = await transform(text, {
        loader: 'ts',
        sourcefile: path,
        sourcemap: 'inline',
        target: 'es2022',
      })
      return { contents: withSources(code), loader: 'js' }
    })
  },
}

/** @param {string} code JavaScript @returns {string} the same, with a `source` beside every `rule`, an `averageSource` beside every `average` */
export function withSources(code) {
  const places = []
  walk(parse(code, { ecmaVersion: 'latest', sourceType: 'module' }), (node) => {
    if (node.type !== 'CallExpression') return
    if (!['defineOptimizer', 'defineSchedule'].includes(node.callee.name)) return
    const properties = node.arguments[0]?.properties ?? []
    const named = (name) => properties.find((property) => property.key?.name === name)
    for (const [name, field] of [
      ['rule', 'source'],
      ['average', 'averageSource'],
    ]) {
      const rule = named(name)
      if (!rule || named(field)) continue
      const { start, end } = rule.method ? rule : rule.value
      places.push({ at: rule.start, field, source: code.slice(start, end) })
    }
  })
  return places
    .sort((a, b) => b.at - a.at)
    .reduce(
      (text, { at, field, source }) =>
        `${text.slice(0, at)}${field}: ${JSON.stringify(source)}, ${text.slice(at)}`,
      code,
    )
}

function walk(node, visit) {
  if (typeof node?.type !== 'string') return
  visit(node)
  for (const child of Object.values(node)) {
    if (Array.isArray(child)) for (const item of child) walk(item, visit)
    else if (child && typeof child === 'object') walk(child, visit)
  }
}
