/** What runs in an exported page: the switch between light and dark, and Plotly in the place of the pictures. */

import { arranged, axesOf, captionOf, dressed, type FigureJson } from './layout.js'

interface PlotlyApi {
  newPlot(target: HTMLElement, data: unknown[], layout: object, config: object): Promise<unknown>
  relayout(target: HTMLElement, layout: object): Promise<unknown>
  Plots: { resize(target: HTMLElement): Promise<unknown> }
}

const root = document.documentElement
const system = matchMedia('(prefers-color-scheme: dark)')
/** The figures that Plotly drew, and how they were laid out. */
const drawn = new Map<HTMLElement, FigureJson['layout']>()
const narrow = matchMedia('(max-width: 40rem)')

function isDark(): boolean {
  return root.dataset.theme === undefined ? system.matches : root.dataset.theme === 'dark'
}

function plotly(): PlotlyApi {
  return (globalThis as unknown as { Plotly: PlotlyApi }).Plotly
}

/** The page's colours, as Plotly wants them. Keys with dots change one part and leave the rest of an axis alone. */
function colours(layout: FigureJson['layout']): Record<string, string> {
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

async function draw(figure: Element): Promise<void> {
  const json = figure.querySelector('script[type="application/json"]')?.textContent
  const still = figure.querySelector<HTMLElement>('.still')
  if (!json || still === null) return
  const { data, layout } = JSON.parse(json) as FigureJson
  const live = document.createElement('div')
  live.className = 'live'
  const caption = document.createElement('p')
  caption.className = 'title'
  caption.textContent = captionOf(layout)
  const canvas = document.createElement('div')
  live.append(caption, canvas)
  figure.append(live)
  try {
    const config = { responsive: true, displaylogo: false }
    await plotly().newPlot(canvas, data, dressed(layout, narrow.matches), config)
    await plotly().relayout(canvas, colours(layout))
    drawn.set(canvas, layout)
    figure.classList.add('drawn')
  } catch (error) {
    // A kind of trace that the page's Plotly does not have: the picture stays.
    live.remove()
    console.warn(error)
  }
}

/** Where a height is set anew, Plotly keeps the width that it has, and follows the page no longer unless told so. */
async function fit(canvas: HTMLElement, layout: FigureJson['layout']): Promise<void> {
  const size = { width: null, autosize: true }
  await plotly().relayout(canvas, { ...arranged(layout, narrow.matches), ...size })
  await plotly().Plots.resize(canvas)
}

/** A telephone that is turned: panels stand side by side only where there is room. */
function followWidth(): void {
  narrow.addEventListener('change', () => {
    for (const [canvas, layout] of drawn) void fit(canvas, layout)
  })
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
followWidth()
void drawAll()
