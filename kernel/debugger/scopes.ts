import { evaluated } from './evaluated.js'
import type { Frame, Session } from './session.js'
import type { Variable } from './variables.js'

/** Our scopes, innermost first, and V8's kinds of them. */
const kinds = {
  Locals: ['local', 'block', 'catch', 'with', 'eval'],
  Closure: ['closure', 'module'],
  Globals: ['script'],
}

/** The variables that a frame sees. Clients show the first scope, so at the top of a cell there are no empty locals before it. */
export async function scopesOf(
  { id, frame }: Frame,
  session: Session,
): Promise<{ name: string; list: Variable[] }[]> {
  const scopes: { name: string; list: Variable[] }[] = []
  const hidden = new Set<string>()
  for (const [name, types] of Object.entries(kinds)) {
    const found = new Map<string, Variable>()
    // Of equal names the innermost counts.
    for (const { object } of frame.scopeChain.filter(({ type }) => types.includes(type)))
      for (const variable of await session.variables.properties(object, '(no value yet)'))
        if (!found.has(variable.name)) found.set(variable.name, variable)
    const visible = [...found.keys()].filter((name) => !hidden.has(name))
    if (session.touched) for (const name of visible) await refresh(found, name, { id, session })
    for (const name of visible) hidden.add(name)
    if (found.size > 0 || name === 'Globals') scopes.push({ name, list: [...found.values()] })
  }
  // In the order of inspectVariables, or the list would change places when a cell stops.
  scopes.at(-1)!.list.sort((a, b) => (a.name < b.name ? -1 : 1))
  return scopes
}

/** V8's scopes are copies of the moment it stopped: what an expression has assigned since is asked for. */
async function refresh(
  found: Map<string, Variable>,
  name: string,
  { id, session }: { id: number; session: Session },
): Promise<void> {
  const now = await evaluated(name, session, { frameId: id, pure: true }).catch(() => undefined)
  if (now) found.set(name, session.variables.describe(name, now))
}
