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

/** Part → why it is missing; '' when it is there. */
const missing = new Map<Part, string>()

function isMissing(part: Part): boolean {
  if (!missing.has(part)) {
    const { present, enable } = parts[part]
    missing.set(part, present() ? '' : `${part} is missing; enable with: ${enable}`)
  }
  return missing.get(part) !== ''
}

/** For what turns out to be missing only when it is prepared: `testWith` and `has` know it from here on. */
export function isMissingBecause(part: Part, reason: string): void {
  missing.set(part, reason)
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
  const reason = absent.map((part) => missing.get(part))
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
