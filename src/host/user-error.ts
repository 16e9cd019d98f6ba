/**
 * An error whose message is all that the user needs: where, the rule, what came, the way out. Commands print it without a
 * stack. It lives here, at the bottom, because kernel/ and classroom/ throw it and cli/ recognises it.
 */
export class UserError extends Error {
  override name = 'UserError'
}
