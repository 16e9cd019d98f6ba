export const version = '0.1.0'
export * from './plots/index.js'
