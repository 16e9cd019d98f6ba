import type { DisplayHandle } from './display.js'
import { type Displayable, displaySymbol, type MimeBundle } from './types.js'

/** What `display` returns. As the last value of a cell it adds nothing to what is shown already. */
export class Handle implements DisplayHandle, Displayable {
  constructor(
    readonly id: string,
    readonly update: DisplayHandle['update'],
  ) {}

  [displaySymbol](): MimeBundle {
    return {}
  }
}
