/** Something with a state that is to be loaded, and what it had before. */
export interface Part {
  readonly name: string
  /** Why it cannot be: there is none in this run, or there was none in the other. */
  readonly odd: string | undefined
  load(): void
  /** @returns gives back what it has now */
  remember(): Promise<() => void>
}

/** @param of undefined: there is none in this run  @param saved null: there was none in the run that was saved */
export function part<State>(
  name: string,
  of: { stateDict(): State | Promise<State>; loadStateDict(state: State): void } | undefined,
  saved: State | null,
): Part {
  const odd = of
    ? saved === null
      ? 'is not in it'
      : undefined
    : saved && 'is in it, but not in this run'
  return {
    name,
    odd: odd ?? undefined,
    load: () => saved !== null && of?.loadStateDict(saved),
    async remember() {
      const before = await of?.stateDict()
      return () => before !== undefined && of?.loadStateDict(before)
    },
  }
}

/**
 * Loads all of them, or none: what was loaded when one refuses gets back what it had.
 * @throws RangeError naming the one that does not fit
 */
export async function loadAll(parts: readonly Part[]): Promise<void> {
  const refuse = (what: string, cause?: unknown): never => {
    throw new RangeError(`fit: this checkpoint does not fit: ${what}`, { cause })
  }
  for (const { name, odd } of parts) if (odd) refuse(`${name} ${odd}; give the same options`)
  const before: (() => void)[] = []
  for (const one of parts) before.push(await one.remember())
  for (const [k, one] of parts.entries()) {
    try {
      one.load()
    } catch (error) {
      for (const back of before.slice(0, k)) back()
      refuse(`${one.name}: ${(error as Error).message}`, error)
    }
  }
}
