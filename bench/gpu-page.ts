import { page as device } from '../test/support/devicePage.js'
import { prepare } from './ours-work.js'
import { answerer, type Prepared } from './peers/perf/answer.mjs'
import { peers } from './peers/perf/gpu-peers.mjs'

// What runs in the page of bench/in-chromium.ts: the library or a peer on the GPU, behind the requests of bench/peers/perf/README.md.
type Prepare = (what: never) => Promise<Prepared> | Prepared

const libraries: Record<string, () => Promise<Prepare>> = {
  downhill: async () => prepare as Prepare,
  ...peers,
}

/** Where in-chromium.ts serves the files of the recipe. */
async function fetched(): Promise<(name: string) => ArrayBuffer> {
  const names = ['x.f32', 'y.i32', 'test.i32', 'order.i32', 'init.f32']
  const files = await Promise.all(
    names.map(
      async (name) => [name, await (await fetch(`/recipe/${name}`)).arrayBuffer()] as const,
    ),
  )
  const found = Object.fromEntries(files)
  return (name) => found[name]!.slice(0)
}

let answer: ((request: object) => Promise<object>) | undefined

Object.assign(globalThis, {
  device,
  async answer(library: string, request: { data?: string }) {
    const work = await libraries[library]!()
    answer ??= answerer(async (what: { data?: string }) =>
      work((what.data ? { ...what, data: await fetched() } : what) as never),
    )
    return await answer(request)
  },
})
