import type { Check } from 'downhill'
import { field } from '../plain.js'

/** What is right for one run: its symptoms, any of which may be named, and the fixes that may come first. */
export interface Accepted {
  run: string
  symptoms: readonly string[]
  fixes: readonly string[]
}

/** A check of `sixRuns` that looks at one run. It says which of the two words is wrong, and not what would be right. */
export const runCheck = ({ run, symptoms, fixes }: Accepted, rule: string): Check => ({
  name: `run-${run}`,
  points: 1,
  rule,
  async test(student) {
    const answer = field(await student.call('sixRuns', []), run)
    const [symptom, fix] = [String(field(answer, 'symptom')), String(field(answer, 'fix'))]
    const [seen, suits] = [symptoms.includes(symptom), fixes.includes(fix)]
    const wanted = [seen ? symptom : 'another symptom', suits ? fix : 'another fix']
    return { ok: seen && suits, expected: wanted.join(', '), got: `${symptom}, ${fix}` }
  },
})
