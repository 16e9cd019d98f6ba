/**
 * An error whose message is all that the user needs: where, the rule, what came, the way out. Commands print it without a
 * stack. It lives here, at the bottom, because kernel/ and classroom/ throw it and cli/ recognises it.
 */
export class UserError extends Error {
  override name = 'UserError'
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'you may not use it',
  EPERM: 'you may not use it',
  EROFS: 'it is read-only',
  ENOSPC: 'the disk is full',
  EEXIST: 'a file of that name is in the way',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a folder',
  EBUSY: 'another program holds it',
}

/**
 * What the system said about a file or folder, as one line with the way out:
 * "pages/01.html: cannot be written (ENOSPC): the disk is full; choose another folder with --out".
 * Any other error, which has no code of the system's, comes back as it is.
 */
export function fileError(
  path: string,
  { what, error, wayOut }: { what: 'read' | 'written'; error: unknown; wayOut: string },
): unknown {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return error
  const { code } = error
  const reason = reasons[code] === undefined ? '' : `: ${reasons[code]}`
  return new UserError(`${path}: cannot be ${what} (${code})${reason}; ${wayOut}`)
}
