import type { Graph, Node } from './graph.js'

/** What a rule finds among its options and calls: one number of a whole tensor, `globalNorm` of all. */
export const intrinsics: Record<Intrinsic, (graph: Graph, x: Node) => Node> = {
  sum: (graph, x) => graph.sum(x),
  mean: (graph, x) => graph.apply('/', graph.sum(x), graph.hyper('size')),
  norm: (graph, x) => graph.apply('sqrt', graph.sum(graph.apply('*', x, x))),
  globalNorm: (graph, x) => graph.apply('sqrt', graph.sum(graph.apply('*', x, x), true)),
}

export type Intrinsic = 'sum' | 'mean' | 'norm' | 'globalNorm'

export const isIntrinsic = (name: string): name is Intrinsic => Object.hasOwn(intrinsics, name)
