import type { Graph, Node } from '../backend/graph.js'
import type { Schedule } from '../backend/options.js'
import { parseRule } from '../backend/parse.js'
import { buildRule } from '../backend/rule.js'

/** The options of all the schedules of one kernel, by the names that the graph knows them by. */
export type Hypers = Record<string, number>

/** Adds the value of a schedule at `t` to a graph: a schedule made of others is one graph too, so one kernel. */
export type Build = (graph: Graph, t: Node, hypers: Hypers) => Node

const origins = new WeakMap<Schedule, Build>()

export const remember = (schedule: Schedule, build: Build): void => {
  origins.set(schedule, build)
}

/** A plain function of the step is its own rule, as long as it uses nothing from outside. */
export const originOf = (schedule: Schedule): Build =>
  origins.get(schedule) ?? ruleOf('schedule', schedule.toString(), {})

/** A number known before the launch. 0 and 1 are settled while compiling, so what they switch off costs nothing. */
export function known(graph: Graph, hypers: Hypers, value: number): Node {
  if (value === 0 || value === 1) return graph.number(value)
  const name = `h${Object.keys(hypers).length}`
  hypers[name] = value
  return graph.hyper(name)
}

/** One rule in the text of a function: `(t, { peak, total }) => …`. */
export function ruleOf(
  name: string,
  source: string,
  options: Readonly<Record<string, number | boolean | string>>,
): Build {
  return (graph, t, hypers) => {
    const syntax = parseRule(source, name)
    const scope = new Map<string, Node>()
    for (const input of syntax.inputs) scope.set(input, t)
    for (const [local, option] of syntax.hypers) {
      const value = options[option]!
      const word = typeof value === 'string'
      scope.set(local, word ? graph.word(value) : known(graph, hypers, Number(value)))
    }
    return buildRule(graph, syntax, scope).outputs[0]!
  }
}
