import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { feedbackPage } from '../../../classroom/grade/feedback.js'
import type { Grade } from '../../../classroom/grade/grade.js'
import { axe, launch, open } from '../../support/chromium.js'
import { testWith } from '../../support/need.js'

const check = { name: 'c', points: 1, max: 1, ok: true, expected: '1', got: '1', rule: 'x < y' }
const grade: Grade = {
  student: '<b>ann</b>',
  lesson: '02',
  points: 1,
  max: 3,
  exercises: [
    {
      id: 'clip',
      points: 1,
      max: 3,
      checks: [
        { ...check, hidden: false },
        { ...check, hidden: false, ok: false, points: 0, got: '<script>', hint: 'look & see' },
        {
          ...check,
          hidden: true,
          ok: false,
          points: 0,
          expected: 'in 7',
          got: 'leak 7',
          hint: 'h',
        },
      ],
    },
  ],
  cells: [{ cell: 3, what: 'Error: <i>' }],
  flags: ['check "clip" was changed'],
  seconds: 1,
  isolation: 'bubblewrap',
  seed: 1,
}

test('what a learner wrote is text, and a hidden check keeps its values', () => {
  const page = feedbackPage(grade, '02 Clipping')
  expect(page).not.toMatch(/<script>|<b>|<i>|leak|in 7/)
  expect(page).toContain('<code>&lt;script&gt;</code>')
  expect(page).toContain('x &lt; y<br>Hint: look &amp; see')
  expect(page).toContain('<li>Cell 3: Error: &lt;i&gt;</li>')
})

test('a hidden check shows what it says may be read', () => {
  const [exercise] = grade.exercises
  const hidden = { ...check, ok: false, hidden: true, expected: '97 %', got: '<95 %' }
  const pageOf = (open: boolean) =>
    feedbackPage({ ...grade, exercises: [{ ...exercise!, checks: [{ ...hidden, open }] }] }, 'p')
  expect(pageOf(true)).toMatch(/<code>97 %<\/code><\/td><td[^>]*><code>&lt;95 %/)
  expect(pageOf(false)).not.toMatch(/97 %|95 %/)
})

testWith(
  ['chromium'],
  'a page is accessible and loads nothing',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'feedback-'))
    writeFileSync(join(folder, 'ann.html'), feedbackPage(grade, '02 Clipping'))
    const browser = await launch()
    for (const colorScheme of ['light', 'dark'] as const) {
      const url = pathToFileURL(join(folder, 'ann.html')).href
      const { page, requests, complaints } = await open(browser, url, {
        colorScheme,
        bypassCSP: true,
      })
      expect(await axe(page)).toEqual([])
      expect([requests, complaints]).toEqual([[], []])
      await page.setViewportSize({ width: 360, height: 740 }) // a telephone: nothing sticks out at the side
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        360,
      )
      expect(await axe(page)).toEqual([])
    }
    await browser.close()
    rmSync(folder, { recursive: true })
  },
  60_000,
)
