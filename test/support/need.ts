import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type TestContext, test } from 'vitest'

/** What a test may need beyond Node, and the command that enables it. With CI=true nothing may be missing. */
const parts = {
  chromium: { present: () => existsSync('/usr/bin/chromium'), enable: 'apt-get install chromium' },
  bubblewrap: {
    present: () => works('bwrap', ['--version']),
    enable: 'apt-get install bubblewrap',
  },
  python: {
    present: () => works('python3', ['-c', 'import ensurepip, venv']),
    enable: 'apt-get install python3-venv',
  },
}

export type Part = keyof typeof parts

function works(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

const missing = new Map<Part, boolean>()

function isMissing(part: Part): boolean {
  if (!missing.has(part)) missing.set(part, !parts[part].present())
  return missing.get(part) === true
}

type Body = (context: TestContext) => void | Promise<void>

/**
 * `test` for a body that needs something outside npm: runs it, or lists it as skipped with the command that would enable it.
 * @example testWith(['chromium'], 'the plot is drawn', async () => { … }, 60_000)
 */
export function testWith(needs: readonly Part[], name: string, body: Body, timeout?: number): void {
  const absent = needs.filter(isMissing)
  if (absent.length === 0) {
    test(name, body, timeout)
    return
  }
  const reason = absent.map((part) => `${part} is missing; enable with: ${parts[part].enable}`)
  test(name, (context) => {
    if (process.env.CI === 'true')
      throw new Error(`CI may not skip this test: ${reason.join('; ')}`)
    context.skip(reason.join('; '))
  })
}

/** True when a beforeAll may prepare what `testWith(needs, …)` uses. */
export function has(...needs: Part[]): boolean {
  return !needs.some(isMissing)
}

/** Arguments of a quiet, headless Chromium that asks nobody outside. `webgpu` needs its own flag; webgl2 does not. */
export const chromiumArgs = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
