import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openHost } from '../../../classroom/client/index.js'

const kernel = fileURLToPath(new URL('../../support/hostile-kernel.mjs', import.meta.url))

const attacks = {
  'large messages': 'dead',
  'small messages': 'dead',
  'many frames': 'dead',
  'wrong fields': 'ok',
  'deep nesting': 'ok',
}

test.each(Object.entries(attacks))(
  'a kernel that sends %s costs the client little, and itself its session',
  async (attack, status) => {
    const before = process.memoryUsage.rss()
    const host = await openHost()
    const wrap = (argv: string[]) => [process.execPath, kernel, argv.at(-1)!, attack]
    const session = await host.start({ kernel: 'downhill', cwd: '.', launch: { wrap } })
    expect(
      await session.execute('1', { timeout: status === 'ok' ? 20_000 : 1000, dropStreams: true }),
    ).toMatchObject({
      status,
    })
    await host.dispose()
    expect((process.memoryUsage.rss() - before) / 1e6).toBeLessThan(700)
  },
  120_000,
)
