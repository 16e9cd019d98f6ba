import type { DeviceArray } from '../backend/backend.js'

/** How many recorded operations still need an array for their backward pass. */
const holds = new WeakMap<DeviceArray, number>()

export const hold = (array: DeviceArray): void => {
  holds.set(array, (holds.get(array) ?? 0) + 1)
}

export const letGo = (array: DeviceArray): void => {
  holds.set(array, (holds.get(array) ?? 0) - 1)
}

/** True while a graph that was not run backwards needs the array: then nobody may write over it. */
export const isHeld = (array: DeviceArray): boolean => (holds.get(array) ?? 0) > 0
