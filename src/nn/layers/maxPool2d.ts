import { checkedOptions, checkOption, period } from '../../backend/options.js'
import type { Layer } from '../layer.js'
import { discard } from '../recording.js'
import { pickFrom, reshape } from '../shape.js'
import { imagesOf, patches } from './conv2d.js'
import { stateless } from './stateless.js'

/**
 * The largest of each window of an image, channel by channel: [n, channels, height, width] → [n, channels, ⌊(height − kernel)/stride⌋ + 1, …].
 * Source    torch.nn.MaxPool2d.
 * Differs   Elements that are equally large share the gradient; PyTorch gives it to the first.
 * Defaults  stride: the kernel, so that windows do not overlap.   Tests  test/nn/layers/maxPool2d.test.ts
 * @throws RangeError unless kernel and stride are whole numbers ≥ 1; when called, for what are no images, or too small ones
 * @example  maxPool2d(2)(tensor(new Float32Array(64), { shape: [1, 1, 8, 8] })).shape // [1, 1, 4, 4]
 */
export function maxPool2d(kernel: number, options: { stride?: number } = {}): Layer {
  checkOption('maxPool2d', 'kernel', period(), kernel)
  const { stride } = checkedOptions('maxPool2d', { stride: period(kernel) }, options)
  const name = `maxPool2d(${kernel})`
  const windows = { kernel, stride, padding: 0 }
  return stateless(name, (x) => {
    const [n, rows, columns] = imagesOf(name, x, undefined, windows)
    const [, channels, height, width] = x.shape as [number, number, number, number]
    // Each channel is an image of its own here.
    const picks = patches([n * channels, 1, height, width], windows)
    const listed = pickFrom(x, picks, [n * channels * rows * columns, kernel * kernel])
    const largest = listed.max(1)
    const images = reshape(largest, [n, channels, rows, columns])
    for (const one of [listed, largest]) discard(one)
    return images
  })
}
