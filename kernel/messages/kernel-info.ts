import { packageVersion, typescriptVersion } from '../package.js'
import { protocolVersion } from '../wire/frames.js'
import type { Handler } from './types.js'

/** The language, as a notebook keeps it in its metadata too. */
export const languageInfo = () => ({
  codemirror_mode: { name: 'javascript', typescript: true },
  file_extension: '.ts',
  mimetype: 'text/typescript',
  name: 'typescript',
  nbconvert_exporter: 'script',
  pygments_lexer: 'typescript',
  version: typescriptVersion(),
})

/** Who we are. Spec: messaging.html#kernel-info */
export const kernelInfo: Handler<object, object> = {
  request: 'kernel_info_request',
  reply: 'kernel_info_reply',
  handle: () => {
    const version = packageVersion()
    return {
      status: 'ok',
      protocol_version: protocolVersion,
      implementation: 'downhill',
      implementation_version: version,
      language_info: languageInfo(),
      banner: `Downhill ${version}: TypeScript ${typescriptVersion()} on Node ${process.version}`,
      debugger: true,
      supported_features: ['kernel subshells', 'debugger'],
      help_links: [
        { text: 'TypeScript', url: 'https://www.typescriptlang.org/docs/' },
        { text: 'Node.js', url: 'https://nodejs.org/api/' },
      ],
    }
  },
}
