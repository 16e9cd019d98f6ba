import { createReadStream } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { extname, join, sep } from 'node:path'
import { escapeHtml } from '../../src/host/escape.js'
import { UserError } from '../../src/host/user-error.js'
import { plainPage } from './plain-page.js'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.ipynb': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

export interface Served {
  /** "http://127.0.0.1:8888/" */
  url: string
  close(): Promise<void>
}

export interface ServeOptions {
  /** Default 0: a free one. */
  port?: number
  /** The HTML to give for a name ('' is the front page) in place of a file; asked for each request. */
  instead?: (name: string) => string | undefined
}

/**
 * Serves the files of one folder on this machine only (127.0.0.1): what `npm start` does with exported lessons where
 * there is no Python.
 * @throws UserError when the folder does not exist or the port is taken
 */
export async function serveFolder(
  folder: string,
  { port = 0, instead = () => undefined }: ServeOptions = {},
): Promise<Served> {
  const root = await realpath(folder).catch(() => {
    throw new UserError(`serve: there is no folder ${folder}; make its pages with downhill export`)
  })
  const server = createServer((request, response) => {
    // A site that has its name point here after it was opened would read the lessons as its own pages.
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(request.headers.host ?? ''))
      return say(response, 421, 'This server has another name.')
    answer({ root, instead }, request.method ?? '', request.url ?? '/', response).catch(() => {
      if (!response.headersSent) say(response, 500, 'The file could not be read.')
      else response.destroy()
    })
  })
  await listen(server, port)
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://127.0.0.1:${bound}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? `port ${port} is in use; choose another with --port`
          : `port ${port} cannot be used (${error.code}); choose another with --port`
      reject(new UserError(`serve: ${why}`))
    })
    server.listen({ port, host: '127.0.0.1', exclusive: true }, resolve)
  })
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' })
  response.end(`${text}\n`)
}

function show(response: ServerResponse, html: string): void {
  response.writeHead(200, { 'content-type': types['.html'], 'cache-control': 'no-cache' })
  response.end(html)
}

async function answer(
  { root, instead }: { root: string; instead: (name: string) => string | undefined },
  method: string,
  url: string,
  response: ServerResponse,
): Promise<void> {
  if (method !== 'GET' && method !== 'HEAD') return say(response, 405, 'Only GET.')
  const name = nameIn(url)
  const html = name === undefined ? undefined : instead(name.slice(1))
  if (html !== undefined) return show(response, html)
  const path = name === undefined ? undefined : await inside(root, name)
  if (path === undefined) return say(response, 404, 'No such page.')
  const info = await stat(path)
  if (!info.isFile() && !info.isDirectory()) return say(response, 404, 'No such page.')
  if (info.isDirectory()) {
    if (path !== root) return say(response, 404, 'No such page.')
    return show(response, await contents(root))
  }
  response.writeHead(200, {
    'content-type': types[extname(path).toLowerCase()] ?? 'application/octet-stream',
    'content-length': info.size,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-cache',
  })
  if (method === 'HEAD') return void response.end()
  createReadStream(path)
    .on('error', () => response.destroy())
    .pipe(response)
}

/** The path of a URL, decoded; undefined if that cannot be done. */
function nameIn(url: string): string | undefined {
  try {
    return decodeURIComponent(new URL(url, 'http://127.0.0.1').pathname)
  } catch {
    return undefined
  }
}

/** The file that a path names, if it lies in the folder: `..`, its encodings and links that lead out name none. */
async function inside(root: string, name: string): Promise<string | undefined> {
  try {
    if (name.includes('\0')) return undefined
    const path = await realpath(join(root, name))
    return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
      ? path
      : undefined
  } catch {
    return undefined
  }
}

/** The front page: what can be read here. */
async function contents(root: string): Promise<string> {
  const pages = (await readdir(root)).filter((name) => name.endsWith('.html')).sort()
  const items = pages.map((name) => {
    const text = name.replace(/\.html$/, '').replace(/-/g, ' ')
    return `<li><a href="${encodeURIComponent(name)}">${escapeHtml(text)}</a></li>`
  })
  const list = pages.length > 0 ? `<ol>${items.join('')}</ol>` : '<p>No pages yet.</p>'
  return plainPage({ title: 'Lessons', body: list })
}
