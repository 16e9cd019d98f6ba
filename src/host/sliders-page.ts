/**
 * The page's half of `sliders`: an anywidget. JavaScript as text, since it runs in the page; a slider's position is a number of steps, or
 * with `log` a share of the way between the logarithms.
 */
export const sliderPage = `
export default {
  render({ model, el }) {
    const controls = model.get('controls')
    const box = document.createElement('div')
    box.className = 'downhill-sliders'
    const shows = Object.entries(controls).map(([name, { min, max, step, log, label }]) => {
      const row = document.createElement('label')
      const input = document.createElement('input')
      const number = document.createElement('output')
      const range = log ? [0, 200, 1] : [min, max, step ?? (max - min) / 100]
      Object.assign(input, { type: 'range', min: range[0], max: range[1], step: range[2] })
      input.setAttribute('aria-label', label ?? name) // or its name would hold the number, and change with it
      // Or JupyterLab takes the keys for the notebook: the arrows would choose another cell, x would cut this one.
      input.setAttribute('data-lm-suppress-shortcuts', '')
      const valueAt = (position) =>
        Number((log ? min * (max / min) ** (position / 200) : position).toPrecision(3))
      const positionOf = (value) => (log ? (200 * Math.log(value / min)) / Math.log(max / min) : value)
      input.oninput = () => {
        model.set('values', { ...model.get('values'), [name]: valueAt(Number(input.value)) })
        model.save_changes()
      }
      row.append(label ?? name, input, number)
      box.append(row)
      return () => {
        const value = model.get('values')[name]
        if (valueAt(Number(input.value)) !== value) input.value = positionOf(value)
        number.textContent = value
        input.setAttribute('aria-valuetext', String(value))
      }
    })
    const show = () => { for (const one of shows) one() }
    const tell = () => box.setAttribute('aria-busy', String(model.get('drawing')))
    model.on('change:values', show)
    model.on('change:drawing', tell)
    show()
    tell()
    el.append(box)
    return () => {
      model.off('change:values', show)
      model.off('change:drawing', tell)
    }
  },
}`

/** As wide as a figure. A picture that takes its time is announced; one that comes at once does not flicker. */
export const sliderStyle = `
.downhill-sliders { display: grid; grid-template-columns: fit-content(50%) 1fr 5em; gap: 0.3em 1em; padding: 0.4em 0; max-width: 640px; }
.downhill-sliders label { display: contents; }
.downhill-sliders input { margin: 0; align-self: center; }
.downhill-sliders output { font-variant-numeric: tabular-nums; }
.downhill-sliders output::after { content: ' …'; opacity: 0; }
.downhill-sliders[aria-busy=true] output::after { opacity: 1; transition: opacity 0s 0.3s; }`
