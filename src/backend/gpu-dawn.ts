/** What the package `webgpu`, Dawn for Node, exports. */
interface Dawn {
  create(options: string[]): { requestAdapter(): Promise<object | null> }
  globals: object
}

let started: Promise<string | undefined> | undefined

/**
 * Gives Node a `navigator.gpu`, from the package `webgpu`, unless there is one. As long as its device lives, Node does not end by
 * itself: a script says process.exit().
 * @returns why it cannot, if so
 */
export function nodeWebGpu(): Promise<string | undefined> {
  started ??= start()
  return started
}

async function start(): Promise<string | undefined> {
  const { process, navigator } = globalThis as {
    process?: { versions?: { node?: string } }
    navigator?: { gpu?: object }
  }
  if (!process?.versions?.node || navigator?.gpu) return undefined
  try {
    const name: string = 'webgpu' // not a literal below: bundlers for browsers would look for it
    const { create, globals } = (await import(name)) as Dawn
    const gpu = create([])
    if (!(await gpu.requestAdapter()))
      return "Node's package webgpu starts, but finds no graphics driver (on Linux: Vulkan)"
    Object.assign(globalThis, globals)
    if (navigator) Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true })
    else Object.assign(globalThis, { navigator: { gpu } }) // Node 20 has no navigator
    return undefined
  } catch (error) {
    const { message } = error as Error
    const older = message.includes('GLIBC') ? '; webgpu@0.3.10 is content with glibc 2.34' : ''
    return `Node's package webgpu does not start: ${message}${older}`
  }
}
