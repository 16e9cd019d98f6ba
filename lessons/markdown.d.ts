/** hints.md is imported as text (a loader of the build and of vitest). */
declare module '*.md' {
  const text: string
  // biome-ignore lint/style/noDefaultExport: that is how a file without names is imported
  export default text
}
