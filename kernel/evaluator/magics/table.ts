import { bash } from './bash.js'
import { load } from './load.js'
import { time } from './time.js'
import { timeit } from './timeit.js'
import type { Magic } from './types.js'
import { who } from './who.js'
import { writefile } from './writefile.js'

/** The magics that need the learner's variables, folder or processor; kernel/messages/magics/table.ts describes them. */
export const magics: Readonly<Record<string, Magic>> = { bash, load, time, timeit, who, writefile }
