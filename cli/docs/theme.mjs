import { toMarkdown } from './docstring.mjs'

const code = (text) => `\`\`\`ts\n${text}\n\`\`\``
const textOf = (parts) => parts.map(({ text }) => text).join('')
const join = (parts) => parts.filter(Boolean).join('\n\n')

/**
 * The look of our pages: typedoc-plugin-markdown's, but that a docstring keeps its equations, a function is one line of code with its
 * types, and an optimizer has the table of its options.
 * @param {object} markdown the module typedoc-plugin-markdown
 * @param {(name: string) => object | undefined} specOf the options of an optimizer
 */
export function themeOf({ MarkdownTheme, MarkdownThemeContext }, specOf) {
  class Context extends MarkdownThemeContext {
    constructor(...args) {
      super(...args)
      const { declaration, signature, comment } = this.partials
      Object.assign(this.partials, {
        comment: (model, options = {}) =>
          options.isTableColumn ? comment(model, options) : commentOf(model, options),
        signature: (model, options) =>
          model.parent.signatures?.includes(model) && !options.nested
            ? callOf(model)
            : signature(model, options),
        accessor: accessorOf,
        declaration: (model, options) =>
          model.type?.name === 'OptimizerFactory'
            ? optimizerOf(model, specOf(model.name))
            : madeOf(model) || declaration(model, options),
      })
    }
  }
  return class extends MarkdownTheme {
    getRenderContext(page) {
      return new Context(this, page, this.application.options)
    }
  }
}

function commentOf(comment, { showSummary = true, showTags = true } = {}) {
  if (!comment) return ''
  const summary = showSummary && toMarkdown(textOf(comment.summary), (file) => `../../${file}`)
  return join([summary, ...(showTags ? tagsOf(comment) : [])])
}

function tagsOf(comment) {
  const all = (tag) => comment.getTags(tag).map(({ content }) => textOf(content).trim())
  const items = [
    ...all('@returns').map((text) => `- **Returns** ${text}`),
    ...all('@throws').map((text) => `- **Throws** ${text}`),
  ]
  return [items.join('\n'), ...all('@example').map((text) => `**Example**\n\n${text}`)]
}

function callOf(model) {
  const { name, comment, type, typeParameters: types = [], parameters: params = [] } = model
  const given = types.length > 0 ? `<${types.map(({ name }) => name).join(', ')}>` : ''
  const items = params
    .filter(({ comment }) => comment)
    .map(({ name, comment }) => `- \`${name}\` ${textOf(comment.summary)}`)
  return join([
    code(`${name}${given}(${params.map(parameterText).join(', ')}): ${typeText(type)}`),
    commentOf(comment, { showTags: false }),
    items.join('\n'),
    commentOf(comment, { showSummary: false }),
  ])
}

/** A schedule that `defineSchedule` made: a variable that is called. */
function madeOf({ name, comment, type, parent }) {
  const [call] = type?.declaration?.signatures ?? []
  if (!call || parent.name !== 'schedules') return ''
  return callOf({ name, comment, type: call.type, parameters: call.parameters })
}

function accessorOf({ getSignature, setSignature }) {
  const of = (kind, signature, text) =>
    signature && join([code(`${kind} ${signature.name}${text}`), commentOf(signature.comment)])
  const value = setSignature?.parameters?.map(parameterText).join(', ')
  return join([
    of('get', getSignature, `: ${typeText(getSignature?.type)}`),
    of('set', setSignature, `(${value})`),
  ])
}

function optimizerOf({ name, comment }, spec = {}) {
  const rows = Object.entries(spec).map(
    ([option, one]) => `| \`${option}\` | ${valueText(one.default)} | ${rangeText(one)} |`,
  )
  return join([
    code(
      `${name}(params: readonly Tensor[] | readonly GroupOptions[], options?: OptimizerOptions): Optimizer`,
    ),
    commentOf(comment, { showTags: false }),
    ['| option | default | allowed |', '| --- | --- | --- |', ...rows].join('\n'),
    commentOf(comment, { showSummary: false }),
  ])
}

const literal = (value) => `\`${typeof value === 'string' ? `'${value}'` : value}\``
const valueText = (value) => (value === undefined ? 'must be given' : literal(value))

function rangeText({ kind, range, words = [true, false] }) {
  return kind === 'number' ? range : words.map(literal).join(', ')
}

function parameterText({ name, type, flags, defaultValue }) {
  const optional = flags.isOptional || defaultValue ? '?' : ''
  // TypeDoc's name for a parameter that is taken apart at once.
  const called = name === '__namedParameters' ? 'options' : name
  return `${flags.isRest ? '...' : ''}${called}${optional}: ${typeText(type)}`
}

const kinds = { NumberOption: 'number', FlagOption: 'boolean' }

/** A type as text; options of a schedule as they are written, not as the type that computes them. */
function typeText(type) {
  if (!type) return 'void'
  const options = type.name === 'ScheduleOptions' && type.typeArguments?.[0]?.declaration
  if (!options) return type.toString()
  const fields = options.children.map(({ name, type: { name: kind, typeArguments } }) => {
    const argument = typeArguments?.[0]?.toString()
    const optional = argument === 'undefined' ? '' : '?'
    return `${name}${optional}: ${kinds[kind] ?? argument}`
  })
  const needed = fields.filter((field) => !field.includes('?'))
  return `{ ${[...needed, ...fields.filter((field) => field.includes('?'))].join('; ')} }`
}
