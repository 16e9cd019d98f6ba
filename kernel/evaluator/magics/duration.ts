const units = [
  { name: 'ns', milliseconds: 1e-6 },
  { name: 'µs', milliseconds: 1e-3 },
  { name: 'ms', milliseconds: 1 },
  { name: 's', milliseconds: 1000 },
]

/** A time in the largest unit in which it is at least 1, three digits: 1.23 µs, 45.6 ms. */
export function duration(milliseconds: number): string {
  const unit = units.findLast((one) => milliseconds >= one.milliseconds) ?? units[0]!
  const value = milliseconds / unit.milliseconds
  return `${value >= 1000 ? Math.round(value) : Number(value.toPrecision(3))} ${unit.name}`
}
