import type { Options } from '@swc/core'
import { project } from '../project.js'

/**
 * TypeScript → JavaScript of this Node. Unused imports stay: a later cell may use them. What a project's tsconfig.json
 * says of decorators, class fields and JSX holds; its `target` and `module` do not, since the code is for this Node.
 */
export function swcOptions(filename: string): Options {
  const { options } = project()
  const legacy = options.experimentalDecorators === true
  return {
    filename,
    swcrc: false,
    configFile: false,
    isModule: true,
    sourceMaps: true,
    module: { type: 'es6' },
    jsc: {
      parser: { syntax: 'typescript', decorators: true, tsx: /x$/.test(filename) },
      target: 'es2022',
      keepClassNames: true,
      transform: {
        verbatimModuleSyntax: true,
        ...(legacy
          ? { legacyDecorator: true, decoratorMetadata: options.emitDecoratorMetadata === true }
          : { decoratorVersion: '2022-03' }),
        useDefineForClassFields: definesFields(options),
        react: react(options),
      },
    },
  }
}

/** As TypeScript has it: true, unless the option or an older target says otherwise. */
export function definesFields({
  useDefineForClassFields,
  target,
}: Record<string, unknown>): boolean {
  if (typeof useDefineForClassFields === 'boolean') return useDefineForClassFields
  return !/^es(3|5|6|20(1\d|2[01]))$/i.test(String(target))
}

function react({ jsx, jsxImportSource, jsxFactory, jsxFragmentFactory }: Record<string, unknown>) {
  if (/^react-jsx(dev)?$/i.test(String(jsx)))
    return {
      runtime: 'automatic' as const,
      development: /dev$/i.test(String(jsx)),
      ...(typeof jsxImportSource === 'string' && { importSource: jsxImportSource }),
    }
  return {
    runtime: 'classic' as const,
    ...(typeof jsxFactory === 'string' && { pragma: jsxFactory }),
    ...(typeof jsxFragmentFactory === 'string' && { pragmaFrag: jsxFragmentFactory }),
  }
}
