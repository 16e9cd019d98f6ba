import { parameter, type Tensor, tensor } from 'downhill'

/** One parameter of zeros for each gradient. */
export const withGradients = (grads: readonly (readonly number[])[]): Tensor[] =>
  grads.map((values) => {
    const param = parameter(values.map(() => 0))
    param.grad = tensor(values)
    return param
  })

export const gradients = (params: readonly Tensor[]): number[][] =>
  params.map((param) => [...param.grad!.dataSync()])
