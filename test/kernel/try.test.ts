import { test } from 'vitest'
import { readFileSync } from 'node:fs'
import { KernelClient } from '../support/kernel-client.js'
test('try', async () => {
  const k = await KernelClient.start({})
  for (const code of readFileSync('/tmp/kx/cells.txt','utf8').split('\n---\n')) {
    const t = performance.now()
    const r = await k.execute(code)
    console.log(JSON.stringify(code), (performance.now() - t).toFixed(1), r.reply.status, r.messages.map((m) => m.header.msg_type === 'error' ? (m.content.traceback as string[]).join('\n') : m.header.msg_type + ' ' + JSON.stringify(m.content)).filter(x=>!/^status|execute_input/.test(x)).join('\n   '))
  }
  console.log('stderr', k.stderr)
  await k.close()
})
