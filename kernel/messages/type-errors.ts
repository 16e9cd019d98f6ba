import type { Failure } from '../evaluator/protocol.js'
import { typeFailure } from '../language/format.js'
import type { Cell } from './magics/types.js'
import type { Context, TypeErrors } from './types.js'

/** Checks a cell's types before it runs. Errors stop it, or are shown and let it run, or are not looked for. */
export async function typeErrors(
  { code, types }: Pick<Cell, 'code' | 'types'>,
  { source, count }: { source: string; count: number },
  context: Context,
): Promise<Failure | undefined> {
  const mode = types ?? asked(context.metadata) ?? context.types
  if (!context.language || mode === 'off' || code.trim() === '') return undefined
  const { diagnostics, note } = await context.language.check(code)
  if (note) show(context, note)
  const found = diagnostics.filter(({ severity }) => severity === 'error')
  if (found.length === 0) return undefined
  const failure = typeFailure(source, found, count)
  if (mode === 'error') return failure
  show(context, failure.traceback.join('\n'))
  return undefined
}

/** Not on stderr: graders count any stderr as a failure, and this cell runs. */
function show(context: Context, text: string): void {
  context.publish('display_data', { data: { 'text/plain': text }, metadata: {}, transient: {} })
}

function asked(metadata: Record<string, unknown>): TypeErrors | undefined {
  const types = (metadata.downhill as { types?: unknown } | undefined)?.types
  return types === 'error' || types === 'warn' || types === 'off' ? types : undefined
}
