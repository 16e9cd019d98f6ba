import { warmupCosine } from '../schedules/warmupCosine.js'

/** A printed rate beside the computed one. */
export interface PrintedRate {
  step: number
  rate: number
  printed: string
  /** The computed rate, to the digits that were printed. */
  computed: string
}

const printed: [number, string][] = [
  [0, '0'],
  [50, '0.0005'],
  [100, '0.001'],
  [300, '0.000883'],
  [700, '0.00025'],
  [1000, '0'],
]

/**
 * Worked example W3: warmup over 100 of 1000 steps to 0.001, then half a cosine to 0, beside a printed table.
 * @example warmupCosineTable()[3] // { step: 300, rate: 0.0008830222215594891, printed: '0.000883', computed: '0.000883' }
 */
export function warmupCosineTable(): PrintedRate[] {
  const schedule = warmupCosine({ peak: 0.001, warmup: 100, total: 1000 })
  return printed.map(([step, text]) => {
    const rate = schedule(step)
    const computed = rate.toFixed(text.split('.')[1]?.length ?? 0)
    return { step, rate, printed: text, computed }
  })
}
