export { type ExportOptions, exportNotebook } from './export.js'
export { plainPage } from './plain-page.js'
export { type Served, serveFolder } from './serve.js'
export { pagePaths, writePage } from './write.js'
