/** What computes, for people: its name, and whether it is a program on the CPU that plays a GPU. */
export interface Renderer {
  readonly name: string
  readonly software: boolean
}

/** The parts of a WebGL context that tell what draws. */
interface Context {
  readonly RENDERER: number
  getExtension(name: 'WEBGL_debug_renderer_info'): { UNMASKED_RENDERER_WEBGL: number } | null
  getParameter(name: number): unknown
}

/** A WebGPU adapter, as far as it tells what computes. */
interface Adapter {
  readonly info?: Readonly<
    Partial<Record<'vendor' | 'architecture' | 'device' | 'description', string>>
  >
}

const programs: readonly [RegExp, string][] = [
  [/swiftshader/i, 'SwiftShader'],
  [/llvmpipe/i, 'llvmpipe'],
  [/softpipe/i, 'softpipe'],
  [/lavapipe/i, 'lavapipe'],
  [/basic render/i, 'Microsoft Basic Render Driver'],
]

/** What drivers say around the name of the card: how ANGLE reaches it, versions, numbers of the device, marks of trade. */
const noise = [
  /^Mesa (?:DRI )?/i,
  /^ANGLE Metal Renderer: /,
  /^Vulkan [\d.]+ \(/,
  / ?\(0x[0-9a-f]+\)/gi,
  /\((?:R|TM)\)/g,
  / (?:Direct3D|OpenGL|D3D)\S*.*$/,
  /\/PCIe.*$/,
  /\/SSE2$/,
]

/**
 * The name in a driver's long text.
 * @example readableRenderer('ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0, D3D11)')   // 'NVIDIA GeForce RTX 3060'
 */
export function readableRenderer(text: string): Renderer {
  const [, program] = programs.find(([sign]) => sign.test(text)) ?? []
  if (program) return { name: program, software: true }
  const inside = /^ANGLE \((.*)\)$/.exec(text)?.[1]
  const parts = inside?.split(', ') ?? []
  const middle = parts.length > 2 ? parts.slice(1, -1).join(', ') : (parts[1] ?? inside ?? text)
  const name = noise
    .reduce((rest, part) => rest.replace(part, ''), middle)
    .replace(/^([^()]*)\)$/, '$1')
    .replace(/\s+/g, ' ')
    .trim()
  return { name, software: /\bsoftware\b|\bcpu\b/i.test(text) }
}

/** What a WebGL context draws with. Firefox tells it without the extension. */
export function rendererOf(context: Context): Renderer {
  const extension = context.getExtension('WEBGL_debug_renderer_info')
  const asked = extension ? extension.UNMASKED_RENDERER_WEBGL : context.RENDERER
  return readableRenderer(String(context.getParameter(asked) ?? ''))
}

/** What a WebGPU adapter stands for; browsers may keep most of it to themselves. */
export function adapterName({ info = {} }: Adapter): Renderer {
  const { description, vendor, architecture, device } = info
  const shown = description || [vendor, architecture, device].filter(Boolean).join(' ')
  const readable = readableRenderer(shown)
  return /swiftshader/i.test(`${architecture} ${device}`)
    ? { name: 'SwiftShader', software: true }
    : readable
}
