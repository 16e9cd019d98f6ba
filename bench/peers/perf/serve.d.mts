import type { Prepared } from './answer.mjs'

export { NotHere, type Prepared } from './answer.mjs'

export function serve(
  versions: Readonly<Record<string, string>>,
  prepare: ((what: never) => Promise<Prepared> | Prepared) | undefined,
  answer?: (request: object) => Promise<object>,
): Promise<void>
