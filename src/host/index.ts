export { type DisplayHandle, type DisplayOptions, display } from './display.js'
export { type ProgressOptions, progress } from './progress.js'
export { type Records, type RecordsOptions, records } from './records.js'
export { type Slider, type Sliders, sliders } from './sliders.js'
export {
  type Displayable,
  displaySymbol,
  type Host,
  type HostWidget,
  hostSymbol,
  type MimeBundle,
} from './types.js'
