/** Parameters and gradients, the same for all who are measured. */
export function waves(size: number, tensors: number): { p: Float32Array; g: Float32Array }[]
