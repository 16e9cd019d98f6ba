import { checkedOptions, checkOption, count, flag, period } from '../../backend/options.js'
import { Picks } from '../../backend/picks.js'
import { cached } from '../cached.js'
import { parameter } from '../create.js'
import { fanInUniform, type Init, uniformInit } from '../init.js'
import { defineLayer, type Layer, type LayerParts } from '../layer.js'
import { discard } from '../recording.js'
import { placeFor } from '../seed.js'
import { permute, pickFrom, reshape } from '../shape.js'
import type { Tensor } from '../tensor.js'
import { applyLinear } from './linear.js'

/** Options of `conv2d`. */
export interface Conv2d {
  /** How far the kernel moves. */
  stride?: number
  /** How many rows and columns of zeros are around the image. */
  padding?: number
  bias?: boolean
  /** First weights; default: PyTorch's, uniform within ±1/√(inputs·kernel²). */
  init?: Init
  /** A seed of its own; default: the next stream of `manualSeed`. */
  seed?: number
}

/** How a square window moves over [n, channels, height, width]. */
export interface Windows {
  readonly kernel: number
  readonly stride: number
  readonly padding: number
}

/** How many places a window has. */
const placesOf = (length: number, { kernel, stride, padding }: Windows): number =>
  Math.floor((length + 2 * padding - kernel) / stride) + 1

/** Every window as a row of its channels, rows and columns: [n·height·width, channels·kernel²]. What is outside the image is 0. */
export function patches(shape: readonly number[], windows: Windows): Picks {
  const [n, channels, height, width] = shape as [number, number, number, number]
  const { kernel, stride, padding } = windows
  return cached(`patches ${shape} ${kernel} ${stride} ${padding}`, () => {
    const [rows, columns] = [placesOf(height, windows), placesOf(width, windows)]
    const places = new Int32Array(n * rows * columns * channels * kernel * kernel)
    let at = 0
    for (let image = 0; image < n; image++)
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < columns; c++)
          for (let channel = 0; channel < channels; channel++)
            for (let i = 0; i < kernel; i++)
              for (let j = 0; j < kernel; j++) {
                const [y, x] = [r * stride + i - padding, c * stride + j - padding]
                const inside = y >= 0 && y < height && x >= 0 && x < width
                places[at++] = inside ? ((image * channels + channel) * height + y) * width + x : -1
              }
    return Picks.of(places, n * channels * height * width)
  })
}

const spec = { stride: period(1), padding: count(0), bias: flag(true) }

/**
 * A convolution of images [n, inputs, height, width] with square kernels: [n, outputs, ⌊(height + 2·padding − kernel)/stride⌋ + 1, …].
 * Every window becomes a row, and all rows are one product with the kernels.
 * Source    torch.nn.Conv2d, which correlates (the kernel is not turned round).
 * Defaults  stride 1, no padding, with bias; weights and biases uniform within ±1/√(inputs·kernel²).
 * Memory    outputs·(inputs·kernel² + 1) floats; kernel² floats an element of the input until `backward()`.   Tests  test/nn/layers/conv2d.test.ts
 * @throws RangeError for an option out of its range; when called, for another number of channels, or an image smaller than the kernel
 * @example  conv2d(1, 8, 3, { padding: 1 })(tensor(new Float32Array(64), { shape: [1, 1, 8, 8] })).shape // [1, 8, 8, 8]
 */
export function conv2d(
  inputs: number,
  outputs: number,
  kernel: number,
  options: Conv2d = {},
): Layer {
  for (const [key, value] of Object.entries({ inputs, outputs, kernel }))
    checkOption('conv2d', key, period(), value)
  const { init = fanInUniform, seed, ...others } = options
  const { stride, padding, bias: withBias } = checkedOptions('conv2d', spec, others)
  const name = `conv2d(${inputs}, ${outputs}, ${kernel})`
  const shape = [outputs, inputs, kernel, kernel]
  const place = placeFor('conv2d', seed)
  const biases = (at: typeof place) =>
    uniformInit(1 / Math.sqrt(inputs * kernel * kernel))([outputs], { ...at, step: 1 })
  const weight = parameter(init(shape, place), { shape, name: 'conv2d.weight' })
  const bias = withBias ? parameter(biases(place), { name: 'conv2d.bias' }) : undefined
  const windows = { kernel, stride, padding }
  const definition: LayerParts = {
    name,
    parameters: bias ? { weight, bias } : { weight },
    keepsNothing: true,
    forward(x) {
      const [n, rows, columns] = imagesOf(name, x, inputs, windows)
      const width = inputs * kernel * kernel
      const listed = pickFrom(x, patches(x.shape, windows), [n * rows * columns, width])
      const kernels = reshape(weight, [outputs, width])
      const product = applyLinear(listed, kernels, bias)
      const images = permute(product, [0, 3, 1, 2], [n, rows, columns, outputs])
      for (const one of [listed, kernels, product]) discard(one)
      return images
    },
    initialize(at) {
      weight.replace(weight.backend.write(init(shape, at)))
      bias?.replace(bias.backend.write(biases(at)))
    },
  }
  return defineLayer(definition)
}

/** Number of images, and of places that a window has in each; refuses what are no images with these channels. */
export function imagesOf(
  name: string,
  x: Tensor,
  channels: number | undefined,
  windows: Windows,
): [number, number, number] {
  const [n, own, height, width] = x.shape
  if (x.shape.length !== 4 || (channels !== undefined && own !== channels))
    throw new RangeError(
      `${name}: its input must be [n, ${channels ?? 'channels'}, height, width], got ${x}`,
    )
  const [rows, columns] = [placesOf(height!, windows), placesOf(width!, windows)]
  if (rows < 1 || columns < 1)
    throw new RangeError(
      `${name}: an image must be at least ${windows.kernel - 2 * windows.padding} high and wide, got ${x}`,
    )
  return [n!, rows, columns]
}
