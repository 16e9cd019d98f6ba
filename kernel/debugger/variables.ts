import type { Runtime } from 'node:inspector'
import type { Inspector } from './inspector.js'

/** DAP's Variable, without `type`: JupyterLab's tree would show that in place of the value. */
export interface Variable {
  name: string
  value: string
  /** Asks for what is inside; 0: nothing is. */
  variablesReference: number
  evaluateName: string
}

/** V8 frees what it described to us under this name when a pause ends. */
export const group = 'debugger'
/** Elements of an array that are shown. */
const most = 1000

/** Values that the client may open: each reference stands for a question that is asked when it does. */
export class Variables {
  readonly #inspector: Inspector
  readonly #questions = new Map<number, () => Promise<Variable[]>>()
  #next = 1

  constructor(inspector: Inspector) {
    this.#inspector = inspector
  }

  /** References end with the pause they were made in; numbers are not given twice. */
  clear(): void {
    this.#questions.clear()
  }

  reference(question: () => Promise<Variable[]>): number {
    this.#questions.set(this.#next, question)
    return this.#next++
  }

  async open(reference: number): Promise<Variable[]> {
    const question = this.#questions.get(reference)
    if (!question)
      throw new RangeError(`debugger: variablesReference ${reference} is not of this pause`)
    return question()
  }

  describe(name: string, remote: Runtime.RemoteObject): Variable {
    const { objectId } = remote
    return {
      name,
      value: valueText(remote),
      variablesReference: objectId ? this.reference(() => this.properties(remote)) : 0,
      evaluateName: name,
    }
  }

  /** Own properties, in V8's order; `valueless` stands for a getter, which is named and not run. */
  async properties(remote: Runtime.RemoteObject, valueless = '(getter)'): Promise<Variable[]> {
    const { result, internalProperties = [] } =
      await this.#inspector.call<Runtime.GetPropertiesReturnType>('Runtime.getProperties', {
        objectId: await this.#bounded(remote),
        ownProperties: true,
        generatePreview: true,
      })
    const own = result
      .filter(({ name, enumerable }) => enumerable || name !== '__proto__')
      .filter(({ name }) => !(remote.type === 'function' && hiddenOfFunctions.has(name)))
      .map(({ name, value }) =>
        value
          ? this.describe(name, value)
          : {
              name,
              value: valueless,
              variablesReference: 0,
              evaluateName: name,
            },
      )
    const inner = internalProperties
      .filter(({ name, value }) => shown.has(name) && value)
      .map(({ name, value }) => this.describe(name, value!))
    return [...own, ...inner]
  }

  /** A million elements would be a message of 300 MB: of long arrays a copy of the beginning is opened. */
  async #bounded({ objectId, subtype, description = '' }: Runtime.RemoteObject): Promise<string> {
    const length = Number(/\((\d+)\)$/.exec(description)?.[1])
    if (!(subtype === 'array' || subtype === 'typedarray') || !(length > most)) return objectId!
    const { result } = await this.#inspector.call<Runtime.CallFunctionOnReturnType>(
      'Runtime.callFunctionOn',
      {
        objectId,
        functionDeclaration: `function () { return this.slice(0, ${most}) }`,
        objectGroup: group,
        silent: true,
      },
    )
    return result.objectId ?? objectId!
  }
}

const hiddenOfFunctions = new Set(['length', 'name', 'arguments', 'caller', 'prototype'])
const shown = new Set([
  '[[Entries]]',
  '[[PromiseState]]',
  '[[PromiseResult]]',
  '[[PrimitiveValue]]',
])

/** One line for a value: `{lr: 0.1, name: "adam"}`, `[1, 2, 3]`, `Array(200) [0, 0, …]`, `"text"`, `class Model {…}`. */
export function valueText(remote: Runtime.RemoteObject): string {
  const { type, subtype, value, unserializableValue, description = '', preview } = remote
  if (unserializableValue !== undefined) return unserializableValue
  if (type === 'string') return JSON.stringify(value)
  if (type === 'function') return functionText(description)
  if (subtype === 'error') return description.split('\n')[0]!
  if (!remote.objectId || type === 'symbol') return description || String(value)
  if (!preview) return description
  const entries = preview.entries?.map(({ key, value }) =>
    key ? `${previewText(key)} => ${previewText(value)}` : previewText(value),
  )
  const properties = preview.properties.map((property) =>
    subtype === 'array' || subtype === 'typedarray'
      ? shortText(property)
      : `${property.name}: ${shortText(property)}`,
  )
  const parts = [...(entries ?? properties), ...(preview.overflow ? ['…'] : [])].join(', ')
  if (subtype === 'array' && !preview.overflow) return `[${parts}]`
  if (subtype === 'array' || subtype === 'typedarray') return `${description} [${parts}]`
  if (!entries && properties.length === 0 && description !== 'Object') return description
  return description === 'Object' ? `{${parts}}` : `${description} {${parts}}`
}

function functionText(source: string): string {
  const [first, ...more] = source.split('\n')
  if (more.length === 0) return source
  return first!.endsWith('{') ? `${first}…}` : `${first} …`
}

function shortText({ type, value = '' }: Runtime.PropertyPreview): string {
  if (type === 'string') return JSON.stringify(value)
  if (type === 'function') return 'ƒ'
  return value === 'Object' ? '{…}' : value
}

const previewText = ({ type, description }: Runtime.ObjectPreview): string =>
  shortText({ name: '', type, value: description ?? '' })
