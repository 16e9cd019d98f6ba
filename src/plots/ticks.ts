import type { Axis } from './figure.js'

/** Where a picture's axis has labels (or how many it should have), and what they say; undefined: the number as it is. */
export interface Ticks {
  ticks: number | number[]
  tickFormat?: (value: number) => string
}

const raised = (exponent: number): string =>
  [...String(exponent)].map((sign) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt('-0123456789'.indexOf(sign))).join('')

/** 10⁻³ for 0.001; nothing for the values between powers of ten, whose labels would lie on each other. */
function power(value: number): string {
  const exponent = Math.round(Math.log10(value))
  if (Math.abs(value / 10 ** exponent - 1) > 1e-9) return ''
  return Math.abs(exponent) < 3 ? String(10 ** exponent) : `10${raised(exponent)}`
}

/** 1.2·10⁻¹⁰ for 0.00000000012. */
function scientific(value: number): string {
  if (value === 0) return '0'
  const [digits, exponent] = value.toExponential().split('e')
  return `${String(Number(Number(digits).toFixed(3))).replace('-', '−')}·10${raised(Number(exponent))}`
}

/** 2000 is "2,000", as on linear axes. */
const plain = (value: number): string =>
  value >= 1e-4 && value < 1e6
    ? value.toLocaleString('en', { maximumFractionDigits: 6 })
    : scientific(value)

/** 1, 2 and 5 of each power of ten, from `low` to `high`. */
function oneTwoFive(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))]
  return Array.from({ length: last - first + 1 }, (_, k) =>
    [1, 2, 5].map((digit) => Number(`${digit}e${first + k}`)),
  )
    .flat()
    .filter((value) => value >= low && value <= high)
}

/** Whether an axis spans two powers of ten: then these alone are labelled, and it may be drawn out to whole ones. */
export const isWide = ([low, high]: readonly [number, number]): boolean => high / low >= 100

/** What Plotly is told of a logarithmic axis: one of less than two powers of ten gets whole numbers at 1, 2, 5, as in the picture; below one power it does so itself. */
export const logLabels = (low: number, high: number): Pick<Axis, 'dtick' | 'tickformat'> =>
  high / low >= 10 && !isWide([low, high]) ? { dtick: 'D2', tickformat: '~g' } : {}

/**
 * The labels of a picture's axis. Plotly finds its own (`logLabels` apart); ours leave out nothing that a reader needs: a logarithmic axis of less than two powers of ten has 1, 2, 5 between them.
 * @param range from where to where it goes, in its own numbers
 * @param count how many labels there is room for
 */
export function ticksOf(
  { type, exponentformat, dtick }: Axis,
  range: readonly [number, number],
  count: number,
): Ticks {
  if (type === 'log') {
    if (isWide(range)) return { ticks: count, tickFormat: power }
    const between = oneTwoFive(...range)
    return between.length > 1
      ? { ticks: between, tickFormat: plain }
      : { ticks: 4, tickFormat: plain }
  }
  if (dtick === 1) {
    const first = Math.ceil(range[0])
    return {
      ticks: Array.from({ length: Math.floor(range[1]) - first + 1 }, (_, k) => first + k),
      tickFormat: String,
    }
  }
  return { ticks: count, ...(exponentformat === 'power' && { tickFormat: scientific }) }
}
