import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { PortTaken, startLab } from '../../../cli/lab/server.js'
import { testWith } from '../../support/need.js'
import { venv, venvLimit } from '../../support/python.js'

testWith(
  ['python'],
  'a port that was taken meanwhile is named, and no server and no log is left',
  async () => {
    const { python } = await venv()
    const home = mkdtempSync(join(tmpdir(), 'downhill-server-'))
    const other = createServer((_, response) => response.writeHead(403).end())
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    try {
      const starting = startLab({ python, work: home, home, port, browser: false })
      await expect(starting).rejects.toThrow(PortTaken)
      await expect(starting).rejects.toThrow(`lab: port ${port} was taken by another program`)
      expect(readdirSync(home).filter((name) => name.endsWith('.log'))).toEqual([])
    } finally {
      await new Promise((resolve) => other.close(resolve))
      rmSync(home, { recursive: true, force: true })
    }
  },
  venvLimit,
)
