import { nodeWebGpu } from './gpu-dawn.js'

/** What gpu.js hands back with `pipeline`: a texture or a buffer on a GPU, a Float32Array on webasm and cpu. */
export type Handle =
  | Float32Array
  | {
      toArray(): ArrayLike<number> | Promise<ArrayLike<number>>
      delete?(): void
      /** WebGL: the context; WebGPU: its adapter and device. */
      context: object
    }

export interface Kernel {
  (...args: unknown[]): Handle | Promise<Handle>
  kernel: object
  destroy(): void
}

export type KernelClass = (abstract new (
  ...args: never[]
) => object) & { readonly isSupported: boolean }

/** A `GPU` of gpu.js: it makes kernels of one class. */
export interface KernelMaker {
  Kernel: unknown
  readonly kernels: object[]
  createKernel(source: string, settings: object): Kernel
}

export interface GpuModule {
  GPU: {
    new (settings: { mode: string }): KernelMaker
    isWebGPUAvailable(): Promise<boolean>
  }
  WebGPUKernel: KernelClass
  WebGL2Kernel: KernelClass
  WebGLKernel: KernelClass
  HeadlessGLKernel: KernelClass
  WebAssemblyKernel: KernelClass
  CPUKernel: KernelClass
}

/** Modes, each with the class that proves that it really runs, and what would enable it. */
export const modes = {
  webgpu: {
    proof: 'WebGPUKernel',
    enable:
      'needs WebGPU: a browser that has it, on https or localhost (Chromium: --enable-unsafe-webgpu where it distrusts the driver), or Node with a graphics driver and npm install webgpu',
  },
  webgl2: { proof: 'WebGL2Kernel', enable: 'needs a browser with WebGL 2' },
  webgl: { proof: 'WebGLKernel', enable: 'needs a browser with WebGL' },
  headlessgl: {
    proof: 'HeadlessGLKernel',
    enable: 'needs Node and its optional package: npm install gl',
  },
  webasm: { proof: 'WebAssemblyKernel', enable: 'needs WebAssembly with SIMD' },
  cpu: { proof: 'CPUKernel', enable: '' },
} as const

export type Mode = keyof typeof modes

/** What `gpu` alone takes, the first that is here. WebGPU comes after WebGL 2: gpu.js answers with promises there, which costs more on small arrays. */
const automatic: readonly Mode[] = ['webgl2', 'webgpu', 'webgl', 'headlessgl', 'webasm', 'cpu']

/**
 * The mode to use: the one asked for, or the best that is here.
 * @throws Error naming what to install or start
 */
export async function chooseMode(module: GpuModule, asked: Mode | undefined): Promise<Mode> {
  const here = async (mode: Mode) =>
    module[modes[mode].proof].isSupported &&
    (mode !== 'webgpu' || (await module.GPU.isWebGPUAvailable()))
  if (asked) {
    const reason = asked === 'webgpu' ? await nodeWebGpu() : undefined
    if (await here(asked)) return asked
    const why = reason ? ` (${reason})` : ''
    throw new Error(`gpu: mode ${asked} is not available here; it ${modes[asked].enable}${why}`)
  }
  for (const mode of automatic) if (await here(mode)) return mode
  return 'cpu'
}
