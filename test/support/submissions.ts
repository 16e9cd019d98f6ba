import { submission } from './submission.js'

/** The sample submissions in test/support/submissions/, for lesson 02: what `downhill grade` is shown and tested with. */
export const samples = {
  right: () => submission('02'),
  /** Clips only above, and gives each tensor a norm of its own. */
  wrong: () =>
    submission('02', {
      answers: {
        'clip-by-value': `function clipByValue(gradient: number[], limit: number): number[] {
  return gradient.map((x) => Math.min(limit, x))
}`,
        'clip-by-norm': `function clipByNorm(gradients: number[][], limit: number): number[][] {
  return gradients.map((gradient) => {
    const norm = Math.hypot(...gradient)
    return gradient.map((x) => x * Math.min(1, limit / norm))
  })
}`,
      },
    }),
  /** A loop that never ends, inside the function that is graded. */
  loop: () =>
    submission('02', {
      answers: {
        'clip-by-value': `function clipByValue(gradient: number[], limit: number): number[] {
  let i = 0
  while (i < gradient.length) gradient[0] = Math.min(limit, gradient[0])
  return gradient
}`,
      },
    }),
}
