import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileError, UserError } from '../../src/host/user-error.js'

/** What was made: "16", "16-my-lesson", and the files that were written or changed. */
export interface NewLesson {
  id: string
  folder: string
  files: string[]
}

const name = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

/**
 * Makes a lesson out of the template: its folder and its test, its entry in manifest.ts and its lines in visible.ts and hidden.ts.
 * Its one exercise has the lesson's name. All or nothing: what cannot be finished leaves the clone as it was.
 * @throws UserError for a name that is taken or none, and where something cannot be written
 */
export function newLesson(root: string, lesson: string): NewLesson {
  if (!name.test(lesson) || lesson.length > 40)
    throw new UserError(
      `lessons new: a name has lower-case letters, digits and single hyphens, such as gradient-noise, 40 at most; got "${lesson}"`,
    )
  const at = (path: string): string => join(root, ...path.split('/'))
  const read = (path: string): string => readFileSync(at(path), 'utf8')
  const manifest = read('lessons/manifest.ts')
  const taken = new RegExp(`folder: '(?:\\d\\d-)?${lesson}'|\\bid: '${lesson}'`)
  if (taken.test(manifest))
    throw new UserError(
      `lessons new: "${lesson}" is the name of a lesson or an exercise; choose another`,
    )
  const numbers = Array.from(manifest.matchAll(/\bid: '(\d\d)'/g), ([, id]) => Number(id))
  const id = String(Math.max(0, ...numbers) + 1).padStart(2, '0')
  const folder = `${id}-${lesson}`
  const title = `${lesson[0]!.toUpperCase()}${lesson.slice(1).replaceAll('-', ' ')}`
  const template = (file: string): string =>
    read(`classroom/template/${file}`).replaceAll('{{name}}', lesson).replaceAll('{{title}}', title)
  const made = {
    [`lessons/${folder}/lesson.ts`]: template('lesson.txt'),
    [`lessons/${folder}/visible.ts`]: template('visible.txt'),
    [`lessons/${folder}/hidden.ts`]: template('hidden.txt'),
    [`lessons/${folder}/hints.md`]: template('hints.md'),
    [`test/lessons/${folder}.test.ts`]: template('answers.txt'),
  }
  const changed = {
    'lessons/manifest.ts': withEntry(manifest, { id, folder, title, lesson }),
    'lessons/visible.ts': withImport(read('lessons/visible.ts'), 'visible', { id, folder }),
    'lessons/hidden.ts': withImport(read('lessons/hidden.ts'), 'hidden', { id, folder }),
  }
  write({ at, read, folder, made, changed })
  return { id, folder, files: [...Object.keys(made), ...Object.keys(changed)] }
}

interface Plan {
  at(path: string): string
  read(path: string): string
  folder: string
  made: Readonly<Record<string, string>>
  changed: Readonly<Record<string, string>>
}

function write({ at, read, folder, made, changed }: Plan): void {
  const inTheWay = [`lessons/${folder}`, ...Object.keys(made)].find((path) => existsSync(at(path)))
  if (inTheWay !== undefined)
    throw new UserError(
      `lessons new: ${inTheWay} is there already; move it away, or choose another name`,
    )
  const before = Object.keys(changed).map((path) => [path, read(path)] as const)
  try {
    mkdirSync(at(`lessons/${folder}`))
    for (const [path, text] of Object.entries({ ...made, ...changed }))
      writeFileSync(at(path), text)
  } catch (error) {
    rmSync(at(`lessons/${folder}`), { recursive: true, force: true })
    for (const path of Object.keys(made)) if (existsSync(at(path))) rmSync(at(path))
    for (const [path, text] of before) if (read(path) !== text) writeFileSync(at(path), text)
    const { path = at('lessons') } = error as NodeJS.ErrnoException
    throw fileError(path, {
      what: 'written',
      error,
      wayOut: 'lessons new leaves the clone as it was; make lessons/ and test/lessons/ writable',
    })
  }
}

/** Behind the lessons that have a number: what stands outside the numbering stays last. */
function withEntry(
  manifest: string,
  { id, folder, title, lesson }: Record<'id' | 'folder' | 'title' | 'lesson', string>,
): string {
  const entry = `  {
    id: '${id}',
    folder: '${folder}',
    title: '${title}',
    exercises: [{ id: '${lesson}', visible: 2, hidden: 3 }],
  },
`
  return replaced(
    manifest,
    /(\nexport const lessons: [^=]*= \[\n(?:.*\n)*?)(?=\]\n|(?: *\/\/.*\n)* *\{\n *id: '(?!\d\d'))/,
    `$1${entry}`,
    'manifest.ts',
  )
}

/** After the last lesson that has a number. */
function withImport(
  text: string,
  kind: 'visible' | 'hidden',
  { id, folder }: Record<'id' | 'folder', string>,
): string {
  const own = new RegExp(`import \\{ ${kind} as (\\w+) \\} from '\\./\\d\\d-[^']+'\\n`, 'g')
  const [line, alias] = [...text.matchAll(own)].at(-1) ?? ['no import', 'none']
  const imported = text.replace(
    line,
    `${line}import { ${kind} as lesson${id} } from './${folder}/${kind}.js'\n`,
  )
  return replaced(
    imported,
    new RegExp(`^( *)\\.\\.\\.${alias},\\n`, 'm'),
    `$&$1...lesson${id},\n`,
    `${kind}.ts`,
  )
}

function replaced(text: string, place: RegExp, by: string, file: string): string {
  if (!place.test(text))
    throw new UserError(
      `lessons new: lessons/${file} has not the form that it had; add the lesson there by hand`,
    )
  return text.replace(place, by)
}
