/** tslab's public API, served by the Downhill kernel. Source: tslab 1.0.22, dist/public.d.ts. */
export interface Display {
  javascript(source: string): void
  html(source: string): void
  markdown(source: string): void
  latex(source: string): void
  svg(source: string): void
  png(bytes: Uint8Array): void
  jpeg(bytes: Uint8Array): void
  gif(bytes: Uint8Array): void
  pdf(bytes: Uint8Array): void
  text(text: string): void
  raw(type: string, content: string | Uint8Array): void
}
/** Shows rich content: `tslab.display.html('<b>bold</b>')`. */
export const display: Display
/** A display whose later content overwrites the earlier. */
export function newDisplay(): Display
/** Versions of the API, of TypeScript and of Node. */
export const versions: { tslab: string; typescript: string; node: string }
