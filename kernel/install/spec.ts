import { join } from 'node:path'
import { packageRoot, packageVersion } from '../package.js'

/** kernel.json. Spec: kernels.html#kernel-specs */
export interface KernelSpec {
  argv: string[]
  display_name: string
  language: string
  interrupt_mode: 'message' | 'signal'
  kernel_protocol_version?: string
  env: Record<string, string>
  metadata: Record<string, unknown>
}

/** What Jupyter calls this kernel, in commands and in notebooks. */
export const kernelName = 'downhill'
export const kernelTitle = 'TypeScript (Downhill)'

/** How to start this kernel, with the Node that runs now. */
export function kernelSpec(): KernelSpec {
  return {
    argv: [
      process.execPath,
      join(packageRoot(), 'dist', 'kernel', 'main.js'),
      '--connection',
      '{connection_file}',
    ],
    display_name: kernelTitle,
    language: 'typescript',
    interrupt_mode: 'message',
    // From 5.5 on a launcher may let the kernel choose its ports (JEP 66).
    kernel_protocol_version: '5.5',
    env: {},
    metadata: { debugger: true, downhill: { version: packageVersion() } },
  }
}
