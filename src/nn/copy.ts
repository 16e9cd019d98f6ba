import type { Backend, DeviceArray } from '../backend/backend.js'
import { program } from '../backend/rule.js'

/** The values in an array of their own, which the owner of the first one may free. */
export const copyOf = ({ backend, array }: { backend: Backend; array: DeviceArray }): DeviceArray =>
  backend.map(program('(p) => [p]'), [array])[0]!
