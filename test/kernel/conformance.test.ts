import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { packageRoot } from '../../cli/root.js'
import { conformance, stock } from '../support/conformance.js'
import { testWith } from '../support/need.js'
import { onEachNode } from '../support/node24.js'

/** The failures that ARCHITECTURE admits: `- test_name: why` under its heading "Conformance". */
function knownFailures(): string[] {
  const text = readFileSync(join(packageRoot, 'ARCHITECTURE.md'), 'utf8')
  const section = text.split(/^## /m).find((part) => part.startsWith('Conformance\n'))
  if (!section) throw new Error('ARCHITECTURE.md has no section "Conformance"')
  return [...section.matchAll(/^- `(test_\w+)`/gm)].map((match) => match[1]!)
}

onEachNode('conformance', (node) =>
  testWith(
    ['python'],
    'the stock suite passes, but for what ARCHITECTURE lists',
    async () => {
      const known = knownFailures()
      const expected = Object.fromEntries(
        stock.map((name) => [
          name,
          known.includes(name) ? expect.stringMatching(/^failed: /) : 'passed',
        ]),
      )
      expect(await conformance(node)).toEqual(expected)
    },
    120_000,
  ),
)
