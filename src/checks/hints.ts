import type { Exercise } from './types.js'

/**
 * The hints of one exercise out of a lesson's hints.md: `# exercise`, below it `## check` and a paragraph each.
 * Returns check name → text in one line.
 */
export function parseHints(markdown: string, exerciseId: string): Map<string, string> {
  const hints = new Map<string, string>()
  let exercise = ''
  let check = ''
  for (const line of markdown.split('\n')) {
    const heading = /^(#{1,2})\s+(.+?)\s*$/.exec(line)
    if (heading?.[1] === '#') [exercise, check] = [heading[2]!, '']
    else if (heading) check = heading[2]!
    else if (exercise === exerciseId && check !== '' && line.trim() !== '')
      hints.set(check, `${hints.get(check) ?? ''} ${line.trim()}`.trim())
  }
  return hints
}

/** The exercise with each check's hint from hints.md. A missing one is found by `downhill lessons check`, not here. */
export function withHints(exercise: Exercise, markdown: string): Exercise {
  const hints = parseHints(markdown, exercise.id)
  const checks = exercise.checks.map((check) => {
    const hint = hints.get(check.name)
    return hint === undefined ? check : { ...check, hint }
  })
  return { ...exercise, checks }
}
