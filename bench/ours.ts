import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../cli/root.js'
import { prepare } from './ours-work.js'
import { serve } from './peers/perf/serve.mjs'

// The library as a peer among its peers: a process of its own, which answers the same requests (bench/peers/perf/README.md).
const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'))
await serve({ downhill: version, Node: process.versions.node }, prepare)
