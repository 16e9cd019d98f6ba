import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Served, serveFolder } from '../../classroom/export/index.js'
import { UserError } from '../../src/host/user-error.js'

const root = mkdtempSync(join(tmpdir(), 'downhill-serve-'))
const folder = join(root, 'pages')
let served: Served

beforeAll(async () => {
  mkdirSync(join(folder, 'more'), { recursive: true })
  writeFileSync(join(root, 'secret.txt'), 'secret')
  writeFileSync(join(root, 'pages-too.txt'), 'secret')
  writeFileSync(join(folder, '02-b.html'), '<p>second</p>')
  writeFileSync(join(folder, '01-a & b.html'), '<p>first</p>')
  symlinkSync(join(root, 'secret.txt'), join(folder, 'out.html'))
  served = await serveFolder(folder)
})
afterAll(async () => {
  await served.close()
  rmSync(root, { recursive: true, force: true })
})

/** Sends the path as it is: fetch would tidy `..` away before the server sees it. */
function get(
  path: string,
  method = 'GET',
  headers = {},
): Promise<{ status: number; type: string; body: string }> {
  const { hostname, port } = new URL(served.url)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, method, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part) => {
        body += part
      })
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'] ?? '',
          body,
        }),
      )
    })
      .on('error', reject)
      .end()
  })
}

test('the front page lists the lessons in order, and each is served as HTML', async () => {
  const front = await get('/')
  expect(front.status).toBe(200)
  const links = [...front.body.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)
  expect(links).toEqual(['01-a%20%26%20b.html', '02-b.html', 'out.html'])
  expect(front.body).toContain('01 a &amp; b')
  expect(await get('/02-b.html')).toEqual({
    status: 200,
    type: 'text/html; charset=utf-8',
    body: '<p>second</p>',
  })
  expect((await get('/01-a%20%26%20b.html')).body).toBe('<p>first</p>')
})

test.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/more/../../secret.txt',
  '//etc/passwd',
  '/../pages-too.txt',
  '/out.html',
  '/%00',
  '/%zz',
  '/more',
  '/nothing.html',
])('%s names nothing outside the folder', async (path) => {
  const { status, body } = await get(path)
  expect(status).toBe(404)
  expect(body).toBe('No such page.\n')
})

test('it answers to its own names only', async () => {
  const status = async (host: string) => (await get('/02-b.html', 'GET', { host })).status
  expect(await status('localhost:8888')).toBe(200)
  for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost@evil'])
    expect(await status(host)).toBe(421)
})

test('it only answers GET and HEAD', async () => {
  expect((await get('/02-b.html', 'POST')).status).toBe(405)
  expect(await get('/02-b.html', 'HEAD')).toMatchObject({ status: 200, body: '' })
})

test('a busy port and a missing folder are refused in one line', async () => {
  const port = Number(new URL(served.url).port)
  await expect(serveFolder(folder, { port })).rejects.toThrow(
    new UserError(`serve: port ${port} is in use; choose another with --port`),
  )
  await expect(serveFolder(join(root, 'none'))).rejects.toThrow(
    `serve: there is no folder ${join(root, 'none')}; make its pages with downhill export`,
  )
})
