/** A point of a line search: how far along, the loss there, its gradient, and the slope along the line. */
export interface LinePoint {
  t: number
  loss: number
  gradient: Float64Array
  slope: number
}

/** Evaluates the loss t along the line. */
export type Line = (t: number) => Promise<LinePoint>

const decrease = 1e-4
const curvature = 0.9
const maxEvaluations = 25

/**
 * A step that decreases the loss enough and flattens its slope enough: the strong Wolfe conditions
 *   f(t) ≤ f(0) + c₁·t·f′(0),   |f′(t)| ≤ c₂·|f′(0)|,   c₁ = 10⁻⁴, c₂ = 0.9,
 * found by bracketing and then narrowing with cubic interpolation, at most 25 iterations.
 * Source    Nocedal & Wright 2006, Alg. 3.5 and 3.6, with the safeguards of torch.optim.LBFGS.
 */
export async function strongWolfe(
  line: Line,
  start: LinePoint,
  first: number,
  { reach, tolerance }: { reach: number; tolerance: number },
): Promise<LinePoint> {
  const tooHigh = ({ t, loss }: LinePoint) => loss > start.loss + decrease * t * start.slope
  const flat = ({ slope }: LinePoint) => Math.abs(slope) <= -curvature * start.slope
  let iterations = 0
  let before = start
  let now = await line(first)
  let bracket: [LinePoint, LinePoint] | undefined
  while (iterations < maxEvaluations) {
    if (tooHigh(now) || (iterations > 1 && now.loss >= before.loss)) {
      bracket = [before, now]
      break
    }
    if (flat(now)) return now
    if (now.slope >= 0) {
      bracket = [before, now]
      break
    }
    const t = cubicMinimum(before, now, [now.t + 0.01 * (now.t - before.t), now.t * 10])
    before = now
    now = await line(t)
    iterations += 1
  }
  bracket ??= [start, now]
  let [low, high] = bracket[0].loss <= bracket[1].loss ? [0, 1] : [1, 0]
  let stalled = false
  while (iterations < maxEvaluations) {
    const [a, b] = bracket
    if (Math.abs(b.t - a.t) * reach < tolerance) break
    const [least, most] = [Math.min(a.t, b.t), Math.max(a.t, b.t)]
    let t = cubicMinimum(a, b, [least, most])
    const margin = 0.1 * (most - least)
    if (Math.min(most - t, t - least) < margin) {
      // Twice beside an end, or on it: take a tenth of the way.
      if (stalled || t >= most || t <= least) {
        t = Math.abs(t - most) < Math.abs(t - least) ? most - margin : least + margin
        stalled = false
      } else stalled = true
    } else stalled = false
    const point = await line(t)
    iterations += 1
    if (tooHigh(point) || point.loss >= bracket[low]!.loss) {
      bracket[high] = point
      ;[low, high] = bracket[0].loss <= bracket[1].loss ? [0, 1] : [1, 0]
    } else {
      const done = flat(point)
      if (!done && point.slope * (bracket[high]!.t - bracket[low]!.t) >= 0)
        bracket[high] = bracket[low]!
      bracket[low] = point
      if (done) break
    }
  }
  return bracket[low]!
}

/** The minimum of the cubic through two points and their slopes, kept within bounds; their middle where it has none. */
function cubicMinimum(a: LinePoint, b: LinePoint, [least, most]: [number, number]): number {
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.t - b.t)
  const square = d1 ** 2 - a.slope * b.slope
  if (!(square >= 0)) return (least + most) / 2
  const d2 = Math.sqrt(square)
  const t =
    a.t <= b.t
      ? b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
      : a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2))
  return Math.min(Math.max(t, least), most)
}
