export { type DisplayHandle, type DisplayOptions, display } from './display.js'
export { type ProgressOptions, progress } from './progress.js'
export { type Records, type RecordsOptions, records } from './records.js'
export { type Displayable, displaySymbol, type Host, hostSymbol, type MimeBundle } from './types.js'
