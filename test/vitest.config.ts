import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './support/sequencer.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const soak = process.env.DOWNHILL_SOAK === '1'

/** hints.md is imported as text, as in cli/build.mjs. */
const markdownAsText = {
  name: 'markdown-as-text',
  transform: (code: string, id: string) =>
    id.endsWith('.md') ? `export default ${JSON.stringify(code)}` : undefined,
}

// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
  root,
  plugins: [markdownAsText],
  resolve: { alias: { downhill: `${root}src/index.ts` } },
  test: {
    include: [soak ? 'test/**/*.soak.ts' : 'test/**/*.test.ts'],
    exclude: ['node_modules/**'],
    // Kernels under test must not write to the history of whoever runs the tests.
    env: { DOWNHILL_HISTORY: 'off' },
    setupFiles: ['test/support/float64.ts'],
    pool: 'forks',
    // `fit` is our function, and to the linter a test that runs alone: so this is asked here.
    allowOnly: false,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    // Vitest's own is a second; a busy machine may take longer for anything.
    expect: { poll: { timeout: 25_000 } },
    hookTimeout: 120_000,
    reporters: ['default', './test/support/reporter.ts'],
  },
})
