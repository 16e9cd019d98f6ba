import type { Magic } from './types.js'

/** `%lsmagic`: what there is, and what it does. */
export const lsmagic = (all: () => Iterable<Magic>): Magic => ({
  name: 'lsmagic',
  usage: '%lsmagic',
  summary: 'Lists the magics.',
  forms: ['%'],
  answer(_call, { print }) {
    for (const { usage, summary } of all()) print(`${usage}\n    ${summary}\n`)
  },
})
