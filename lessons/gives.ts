import { type Check, close, type Plain, type Tolerance } from 'downhill'

/**
 * The test of a check that is one call: for these arguments the learner's function must give `want`. The learner gets copies of the arguments, and fields that
 * `want` does not name do not count: { w: 0.8 } is a check of w alone.
 */
export const gives =
  (name: string, args: Plain[], want: Plain, options?: Tolerance): Check['test'] =>
  async (student) =>
    close(await student.call(name, args), want, options)
