import { expect, test } from 'vitest'
import {
  answerMetadata,
  checkMetadata,
  computeChecksum,
} from '../../../classroom/notebook/nbgrader.js'

/** Computed by nbgrader 0.9.6 (nbgrader.utils.compute_checksum) on code cells with this metadata. */
test.each([
  ['1 + 1', checkMetadata('a', 0.5, cell('1 + 1')), 'a87867926bbe01fe5655fbf60a3db1de'],
  [
    'check("x")\n',
    checkMetadata('b_2', 4, cell('check("x")\n')),
    '1f54be15f72aa1b7755a94cd217a21ad',
  ],
  ['ε ← m̂', answerMetadata('c-3', cell('ε ← m̂')), '6146a8e64f7f11f13486e21581f59741'],
])('the checksum of %j is that of nbgrader', (_, metadata, checksum) => {
  expect(metadata.checksum).toBe(checksum)
})

test('any change of the source, the points or the id changes the checksum', () => {
  const metadata = checkMetadata('a', 1, cell('x'))
  const others = [
    computeChecksum(cell('y'), metadata),
    computeChecksum(cell('x'), { ...metadata, points: 2 }),
    computeChecksum(cell('x'), { ...metadata, grade_id: 'b' }),
    computeChecksum({ source: 'x', cellType: 'markdown' }, metadata),
  ]
  expect(others).not.toContain(metadata.checksum)
  expect(computeChecksum(cell('x'), metadata)).toBe(metadata.checksum)
})

function cell(source: string): { source: string; cellType: 'code' } {
  return { source, cellType: 'code' }
}
