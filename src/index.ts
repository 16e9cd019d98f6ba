export const version = '0.1.0'
export * from './checks/index.js'
export * from './host/index.js'
export * from './plots/index.js'
