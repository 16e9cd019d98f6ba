// Libraries that a page bundles (bench/gpu-page.ts), from where npm put the peers.
import { withJaxjs } from './jaxjs-work.mjs'
import { withTfjs } from './tfjs-work.mjs'

export const peers = {
  async tfjs() {
    const tf = await import('@tensorflow/tfjs')
    await import('@tensorflow/tfjs-backend-webgpu')
    tf.env().set('PROD', true)
    return withTfjs(tf)
  },
  async jaxjs() {
    const jax = await import('@jax-js/jax')
    const here = await jax.init('webgpu')
    if (!here.includes('webgpu')) throw new Error('jax-js finds no WebGPU here')
    jax.defaultDevice('webgpu')
    return withJaxjs(jax, true)
  },
}
