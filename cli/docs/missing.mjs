import { parseDocstring } from './docstring.mjs'

const labels = ['Source', 'Defaults', 'Memory', 'Tests']

/**
 * What optimizers lack of their equation, source, defaults, memory, tests and example, one line each.
 * @param {object} project TypeDoc's
 */
export function missingParts(project) {
  const pages = project.children ?? []
  return pages.flatMap(({ name: page, children = [] }) =>
    children.flatMap((one) => {
      const comment = commentOf(one)
      const parts = comment === undefined ? [] : lacking(comment)
      return parts.map((part) => `${page}: ${one.name} has no ${part}`)
    }),
  )
}

/** The docstring of an optimizer: a factory, or a function that makes something with a `step`. */
function commentOf({ type, comment, signatures, children }) {
  if (type?.name === 'OptimizerFactory') return comment ?? null
  if (children) return undefined
  const made = signatures?.[0]?.type?.reflection
  const steps = made?.children?.some(({ name }) => name === 'step')
  return steps ? (signatures[0].comment ?? null) : undefined
}

function lacking(comment) {
  if (!comment) return ['docstring']
  const { body, labels: said } = parseDocstring(comment.summary.map(({ text }) => text).join(''))
  return [
    ...(body.some(({ kind }) => kind === 'lines') ? [] : ['equation (a line indented by two)']),
    ...labels.filter((label) => !said.has(label)).map((label) => `line "${label}  …"`),
    ...(comment.getTag('@example') ? [] : ['@example']),
  ]
}
