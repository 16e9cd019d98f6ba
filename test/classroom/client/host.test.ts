import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { openHost } from '../../../classroom/client/index.js'
import { freePorts } from '../../../classroom/client/ports.js'

let server: Server | undefined
afterEach(() => void server?.close())

async function answering(status: number, body = '{}'): Promise<string> {
  server = createServer((_request, response) => response.writeHead(status).end(body))
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

test('a server that is not there', async () => {
  const [port] = await freePorts(1)
  const url = `http://127.0.0.1:${port}/`
  await expect(openHost({ server: url })).rejects.toThrow(
    `cannot use ${url} (ECONNREFUSED); is it running, and is the address right?`,
  )
})

test('a server that refuses the token is quoted without it', async () => {
  const url = await answering(403, '{"message": "Forbidden secret-token"}')
  const refused = openHost({ server: url, token: 'secret-token' })
  await expect(refused).rejects.toThrow(`${url} refused the token in JUPYTER_TOKEN (HTTP 403)`)
  await expect(openHost({ server: url })).rejects.toThrow('set JUPYTER_TOKEN')
})

test('a server that is another kind of server', async () => {
  const url = await answering(404, 'nothing here')
  await expect(openHost({ server: url })).rejects.toThrow(`${url} is no Jupyter Server`)
})

test('an address that is none', async () => {
  await expect(openHost({ server: 'localhost:8888' })).rejects.toThrow(
    '--server must be an http(s) address, got "localhost:8888"',
  )
})
