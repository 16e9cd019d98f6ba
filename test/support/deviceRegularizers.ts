import {
  confidencePenalty,
  elasticNetPenalty,
  groupLassoPenalty,
  l1Penalty,
  l2Penalty,
  logCoshPenalty,
  nuclearPenalty,
  orthogonalPenalty,
  parameter,
  type Tensor,
} from 'downhill'

type Results = Record<string, ArrayLike<number>>

const list = {
  l1Penalty,
  l2Penalty,
  elasticNetPenalty,
  logCoshPenalty,
  groupLassoPenalty,
  orthogonalPenalty,
  nuclearPenalty,
  confidencePenalty: ([logits]: readonly Tensor[], strength: number) =>
    confidencePenalty(logits!, strength),
}

/** Value and gradient of every penalty. */
export async function penalties(results: Results, random: () => number): Promise<void> {
  for (const [name, penalty] of Object.entries(list)) {
    const w = parameter(Array.from({ length: 96 }, random), { shape: [12, 8] })
    const value = penalty([w], 0.3)
    value.backward()
    results[`${name}, value`] = [await value.item()]
    results[`${name}, gradient`] = await w.grad!.data()
  }
}
