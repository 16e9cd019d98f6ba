import type { Plugin } from 'esbuild'

export const pinRules: Plugin
export function withSources(code: string): string
