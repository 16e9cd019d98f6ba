import type { Prepared } from './answer.mjs'

/** Each gives its `prepare`, or throws the reason. */
export const peers: Record<
  'tfjs' | 'jaxjs',
  () => Promise<(what: never) => Promise<Prepared> | Prepared>
>
