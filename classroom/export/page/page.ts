/** What runs in an exported page: the switch between light and dark, and Plotly in the place of the pictures. */

interface PlotlyApi {
  newPlot(target: HTMLElement, data: unknown[], layout: object, config: object): Promise<unknown>
  relayout(target: HTMLElement, layout: object): Promise<unknown>
}

interface FigureJson {
  data: unknown[]
  layout: Record<string, unknown>
}

const root = document.documentElement
const system = matchMedia('(prefers-color-scheme: dark)')
/** The figures that Plotly drew, and how they were laid out. */
const drawn = new Map<HTMLElement, object>()

function isDark(): boolean {
  return root.dataset.theme === undefined ? system.matches : root.dataset.theme === 'dark'
}

function plotly(): PlotlyApi {
  return (globalThis as unknown as { Plotly: PlotlyApi }).Plotly
}

/** Of a figure of several panels, the axes of each. */
const axesOf = (layout: object): string[] =>
  [...new Set(['xaxis', 'yaxis', ...Object.keys(layout)])].filter((name) =>
    /^[xy]axis\d*$/.test(name),
  )

/** The page's colours, as Plotly wants them. Keys with dots change one part and leave the rest of an axis alone. */
function colours(layout: object): Record<string, string> {
  const ink = getComputedStyle(root).getPropertyValue('color')
  const grid = isDark() ? '#3a404b' : '#e3e6eb'
  const both = axesOf(layout).map((axis) => ({
    [`${axis}.gridcolor`]: grid,
    [`${axis}.zerolinecolor`]: grid,
    [`${axis}.linecolor`]: ink,
  }))
  return Object.assign({ 'font.color': ink }, ...both)
}

function showTheme(button: HTMLElement): void {
  button.textContent = isDark() ? 'Light' : 'Dark'
  button.setAttribute('aria-label', isDark() ? 'Use light colours' : 'Use dark colours')
  for (const [figure, layout] of drawn) void plotly().relayout(figure, colours(layout))
}

function setUpTheme(): void {
  const button = document.getElementById('dh-theme')
  if (button === null) return
  button.hidden = false
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark'
    showTheme(button)
  })
  system.addEventListener('change', () => showTheme(button))
  showTheme(button)
}

/** Plotly stands in the page as base64 of gzip. It runs as an inline script, which the page's policy allows by its hash. */
async function loadPlotly(): Promise<boolean> {
  const packed = document.getElementById('dh-plotly')?.textContent
  if (!packed) return false
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0))
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  const script = document.createElement('script')
  script.textContent = await new Response(unpacked).text()
  document.head.append(script)
  return 'Plotly' in globalThis
}

const bottom = { orientation: 'h', x: 0, yref: 'container', y: 0, yanchor: 'bottom' }

/** Room for the labels of the ticks, however long they are. */
function axis(given: unknown): object {
  return { automargin: true, ...(typeof given === 'object' ? given : {}) }
}

async function draw(figure: Element): Promise<void> {
  const json = figure.querySelector('script[type="application/json"]')?.textContent
  const still = figure.querySelector<HTMLElement>('.still')
  if (!json || still === null) return
  const { data, layout } = JSON.parse(json) as FigureJson
  const live = document.createElement('div')
  live.className = 'live'
  figure.append(live)
  try {
    const title = typeof layout.title === 'string' ? { text: layout.title } : layout.title
    const own = {
      ...layout,
      title: {
        x: 0,
        xref: 'container',
        xanchor: 'left',
        pad: { l: 12 },
        font: { size: 15, weight: 600 },
        ...(title ?? {}),
      },
      font: { family: 'system-ui, sans-serif', size: 13, ...(layout.font ?? {}) },
      ...Object.fromEntries(axesOf(layout).map((name) => [name, axis(layout[name])])),
      autosize: true,
      height: layout.height ?? 380,
      paper_bgcolor: 'rgba(0,0,0,0)',
      plot_bgcolor: 'rgba(0,0,0,0)',
      margin: layout.margin ?? { l: 64, r: 28, t: 44, b: 48 },
      legend: layout.legend ?? bottom,
    }
    await plotly().newPlot(live, data, own, { responsive: true, displaylogo: false })
    await plotly().relayout(live, colours(layout))
    drawn.set(live, layout)
    figure.classList.add('drawn')
  } catch (error) {
    // A kind of trace that the page's Plotly does not have: the picture stays.
    live.remove()
    console.warn(error)
  }
}

async function drawAll(): Promise<void> {
  const figures = [...document.querySelectorAll('figure.plot')]
  if (figures.length === 0 || !(await loadPlotly())) return
  for (const figure of figures) await draw(figure)
  root.dataset.figures = 'drawn'
}

function unfoldForPrint(): void {
  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })
}

setUpTheme()
unfoldForPrint()
void drawAll()
