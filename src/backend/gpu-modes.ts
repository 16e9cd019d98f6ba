/** What gpu.js hands back with `pipeline`: a texture on a GPU, a Float32Array on webasm and cpu. */
export type Handle =
  | Float32Array
  | { toArray(): ArrayLike<number> | Promise<ArrayLike<number>>; delete?(): void }

export interface Kernel {
  (...args: unknown[]): Handle | Promise<Handle>
  kernel: object
}

export type KernelClass = (abstract new (
  ...args: never[]
) => object) & { readonly isSupported: boolean }

export interface GpuModule {
  GPU: {
    new (settings: { mode: string }): { createKernel(source: string, settings: object): Kernel }
    isWebGPUAvailable(): Promise<boolean>
  }
  WebGPUKernel: KernelClass
  WebGL2Kernel: KernelClass
  WebGLKernel: KernelClass
  HeadlessGLKernel: KernelClass
  WebAssemblyKernel: KernelClass
  CPUKernel: KernelClass
}

/** Modes, best first, each with the class that proves that it really runs, and what would enable it. */
export const modes = {
  webgpu: { proof: 'WebGPUKernel', enable: 'needs a browser with WebGPU' },
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

/** What `gpu` alone may choose. WebGPU is only taken by name: its start and its reads are asynchronous in gpu.js. */
export const automatic: readonly Mode[] = ['webgl2', 'webgl', 'headlessgl', 'webasm', 'cpu']
