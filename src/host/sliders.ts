import { bundleOf, display } from './display.js'
import { escapeHtml } from './escape.js'
import { findHost } from './host.js'
import { sliderPage, sliderStyle } from './sliders-page.js'
import { type Displayable, displaySymbol, type HostWidget, type MimeBundle } from './types.js'

/** One number that can be moved between two others. */
export interface Slider {
  min: number
  max: number
  /** Where it stands at first. */
  value: number
  /** Between two positions. Default a hundredth of the way; with `log` it is not asked for. */
  step?: number
  /** Positions are powers: as far from 0.001 to 0.01 as from 0.01 to 0.1. For learning rates. Default false. */
  log?: boolean
  /** Default: its name. */
  label?: string
}

type Values<Name extends string> = Readonly<Record<Name, number>>

/** Sliders that are shown, and what they say now. */
export interface Sliders<Name extends string> extends Displayable {
  readonly values: Values<Name>
  /** Moves some of them, as a hand would; done when the picture is drawn. */
  set(values: Partial<Values<Name>>): Promise<void>
}

/** Milliseconds that a move waits for the picture that is being made. */
const patience = 5000

/**
 * Sliders, and below them what `draw` makes of their numbers: drawn anew, in this process, whenever one is moved. While one picture is
 * being made, only the newest position waits. In an exported page, in `downhill run` and in other kernels, the picture of the first numbers stands there alone.
 * @throws RangeError for a slider whose value lies outside, that has no room to move, or a log slider from 0 or below
 * @example
 * await sliders({ lr: { min: 1e-4, max: 1, value: 0.1, log: true } }, ({ lr }) =>
 *   descentPlot({ SGD: [1, 1 - 2 * lr] }))
 */
export async function sliders<Name extends string>(
  controls: Readonly<Record<Name, Slider>>,
  draw: (values: Values<Name>) => unknown,
): Promise<Sliders<Name>> {
  for (const [name, slider] of Object.entries<Slider>(controls)) checkSlider(name, slider)
  const names = Object.keys(controls) as Name[]
  const first = names.map((name) => [name, controls[name].value])
  let values = Object.fromEntries(first) as Record<Name, number>
  const host = findHost()
  const widget = host.widget?.({
    esm: sliderPage,
    css: sliderStyle,
    state: { controls: { ...controls }, values, drawing: false },
  })
  display(shownAs(controls, values, widget), { raw: true })
  const make = async (): Promise<MimeBundle> => bundleOf(await draw({ ...values }), host)
  const picture = display(await make(), { raw: true })

  const pictures = oneByOne(make, {
    show: (bundle) => picture.update(bundle, { raw: true }),
    busy: (is) => widget?.set('drawing', is),
  })
  const move = (next: Partial<Values<Name>>): void => {
    values = { ...values, ...valid(names, next) }
    pictures.ask()
  }
  widget?.on('change:values', (next) => move(next as Partial<Values<Name>>))
  return {
    get values() {
      return { ...values }
    },
    async set(next) {
      // The widget tells its listeners, and so us.
      if (widget) widget.set('values', { ...values, ...valid(names, next) })
      else move(next)
      await pictures.drawing
    },
    [displaySymbol]: () => ({}),
  }
}

/** Makes pictures one at a time: of all that are asked for while one is being made, only the newest comes. */
function oneByOne(
  make: () => Promise<MimeBundle>,
  { show, busy }: { show: (bundle: MimeBundle) => void; busy: (is: boolean) => void },
) {
  let drawing: Promise<void> | undefined
  let asked = false
  /** How many pictures were begun; only the newest turn of drawing may show one. */
  let begun = 0
  let turn = 0
  const draw = async (mine: number): Promise<void> => {
    busy(true)
    while (asked && mine === turn) {
      asked = false
      begun += 1
      const bundle = await make().catch((error) => ({ 'text/plain': `sliders: ${String(error)}` }))
      if (mine === turn) show(bundle)
    }
    if (mine !== turn) return
    drawing = undefined
    busy(false)
  }
  const start = (): void => {
    turn += 1
    drawing = draw(turn)
  }
  return {
    /** Done when all that was asked for is shown; undefined when nothing is being made. */
    get drawing() {
      return drawing
    },
    ask(): void {
      asked = true
      if (!drawing) {
        start()
        return
      }
      const at = begun
      // An interrupt ends a picture without a word: nothing would ever be drawn again.
      const late = setTimeout(() => asked && begun === at && start(), patience)
      void drawing.finally(() => clearTimeout(late))
    },
  }
}

function checkSlider(name: string, { min, max, value, step, log = false }: Slider): void {
  const refuse = (rule: string, got: unknown): never => {
    throw new RangeError(`sliders: "${name}" ${rule}, got ${got}`)
  }
  if (!(max > min)) refuse('must go from a smaller to a larger number', `${min} to ${max}`)
  if (!(value >= min && value <= max)) refuse(`must start within ${min} to ${max}`, value)
  if (log && !(min > 0)) refuse('is a log slider, whose min must be above 0', min)
  if (step !== undefined && !(step > 0)) refuse('must have a step above 0', step)
}

/** What comes from a page: only the sliders' own names, and numbers. */
function valid<Name extends string>(names: readonly Name[], given: Partial<Values<Name>>) {
  const known = names.filter((name) => Number.isFinite(given?.[name]))
  return Object.fromEntries(known.map((name) => [name, given[name]])) as Partial<Values<Name>>
}

/** Where no page listens: which numbers the picture below belongs to. */
function shownAs(
  controls: Readonly<Record<string, Slider>>,
  values: Readonly<Record<string, number>>,
  widget: HostWidget | undefined,
): MimeBundle {
  const numbers = Object.entries(controls).map(
    ([name, { label = name }]) => `${label} = ${values[name]}`,
  )
  const text = `${numbers.join(', ')} (sliders, in JupyterLab with the kernel of this course)`
  return {
    ...widget?.[displaySymbol](),
    'text/plain': text,
    'text/html': `<p>${escapeHtml(text)}</p>`,
  }
}
