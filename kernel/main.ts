import { parseArgs } from 'node:util'
import type { TypeErrors } from './messages/types.js'
import { noInspector } from './no-inspector.js'
import { serve } from './serve.js'

/** node dist/kernel/main.js --connection FILE: the process that speaks the Jupyter protocol. */
noInspector()
try {
  const { values } = parseArgs({ options: { connection: { type: 'string' } } })
  if (!values.connection) throw new Error('kernel: --connection FILE is missing')
  await serve(values.connection, typeErrors(process.env.DOWNHILL_TYPES))
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}

function typeErrors(value = 'error'): TypeErrors {
  if (value === 'error' || value === 'warn' || value === 'off') return value
  throw new Error(`kernel: DOWNHILL_TYPES must be error, warn or off, got ${value}`)
}
