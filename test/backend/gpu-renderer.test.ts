import { expect, test } from 'vitest'
import { adapterName, readableRenderer } from '../../src/backend/gpu-renderer.js'

test.each([
  [
    'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)',
    'SwiftShader',
    true,
  ],
  ['llvmpipe (LLVM 15.0.6, 256 bits)', 'llvmpipe', true],
  [
    'ANGLE (Microsoft, Microsoft Basic Render Driver (0x0000008C) Direct3D11 vs_5_0 ps_5_0, D3D11)',
    'Microsoft Basic Render Driver',
    true,
  ],
  [
    'ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x00002503) Direct3D11 vs_5_0 ps_5_0, D3D11)',
    'NVIDIA GeForce RTX 3060',
    false,
  ],
  ['ANGLE (Apple, ANGLE Metal Renderer: Apple M1 Pro, Unspecified Version)', 'Apple M1 Pro', false],
  [
    'ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)',
    'Intel UHD Graphics 620 (KBL GT2)',
    false,
  ],
  [
    'ANGLE (NVIDIA, Vulkan 1.3.242 (NVIDIA NVIDIA H100 (0x00002330)), NVIDIA-535.104)',
    'NVIDIA NVIDIA H100',
    false,
  ],
  ['NVIDIA GeForce GTX 980/PCIe/SSE2', 'NVIDIA GeForce GTX 980', false],
  ['Mali-G78', 'Mali-G78', false],
  ['', '', false],
])('%s is shown as "%s"', (text, name, software) => {
  expect(readableRenderer(text)).toEqual({ name, software })
})

test('an adapter of WebGPU may tell little', () => {
  expect(adapterName({})).toEqual({ name: '', software: false })
  expect(adapterName({ info: { vendor: 'nvidia', architecture: 'ampere' } })).toEqual({
    name: 'nvidia ampere',
    software: false,
  })
  expect(
    adapterName({ info: { vendor: 'google', architecture: 'swiftshader', description: '' } }),
  ).toEqual({ name: 'SwiftShader', software: true })
})
