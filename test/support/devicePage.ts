import { compareWithReference } from './device.js'

/** Bundled into a page by test/backend/browser.test.ts, which calls it there. */
Object.assign(globalThis, { compareWithReference })
