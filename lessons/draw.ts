import type { Random } from 'downhill'

/** A number in [low, high). */
export const between = (random: Random, low: number, high: number): number =>
  low + (high - low) * random()

/** A whole number from low to high, both included. */
export const wholeBetween = (random: Random, low: number, high: number): number =>
  low + Math.floor((high - low + 1) * random())

/** n numbers in [low, high). */
export const listBetween = (random: Random, n: number, low: number, high: number): number[] =>
  Array.from({ length: n }, () => between(random, low, high))
