import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/**
 * A package of ours, loaded at its first use: a kernel that starts has an answer to give first. By `require`, also where
 * there is an ES module: Node reads the exports of CommonJS packages before it imports them, which for swc takes 6 ms.
 */
export function lazily<T>(name: string): () => T {
  let loaded: T | undefined
  return () => {
    loaded ??= require(name) as T
    return loaded
  }
}
