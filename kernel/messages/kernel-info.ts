import { packageVersion, typescriptVersion } from '../package.js'
import { protocolVersion } from '../wire/frames.js'
import type { Handler } from './types.js'

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
      language_info: {
        name: 'typescript',
        version: typescriptVersion(),
        mimetype: 'text/typescript',
        file_extension: '.ts',
        pygments_lexer: 'typescript',
        codemirror_mode: { name: 'javascript', typescript: true },
        nbconvert_exporter: 'script',
      },
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
