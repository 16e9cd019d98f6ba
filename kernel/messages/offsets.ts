/** Jupyter counts a cursor in Unicode code points (since protocol 5.2), JavaScript in UTF-16 units. */
export function toUnits(text: string, points: number): number {
  let units = 0
  for (const character of text) {
    if (points-- <= 0) break
    units += character.length
  }
  return units
}

export const toPoints = (text: string, units: number): number => [...text.slice(0, units)].length
