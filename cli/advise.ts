import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { checkRecipe } from '../src/advisor/checkRecipe.js'
import type { RunLike } from '../src/advisor/curves.js'
import { historyFromJson } from '../src/advisor/historyFromJson.js'
import { taskSchema } from '../src/advisor/schema.js'
import {
  choose,
  diagnose,
  lint,
  recipeNote,
  recipeSchema,
  type TrainingRecipe,
} from '../src/index.js'
import { fileError, UserError } from './fail.js'

interface Flags {
  history?: string
  json?: boolean
  strict?: boolean
  schema?: boolean
}

/** `downhill advise recipe.json`: what the library's advisor says about a recipe, and about a run. */
export function adviseCommand(program: Command): void {
  program
    .command('advise')
    .description('look through a training recipe, and say what to try next')
    .argument('[recipe]', 'JSON, such as { "model": "cnn", "optimizer": "sgd", "lr": 0.1 }')
    .option('--history <file>', 'what the run was like: JSON of a History, or of its rows')
    .option('--strict', 'fail where something critical or major is found')
    .option('--schema', 'print what a recipe may say, as JSON Schema')
    .option('--json', 'print the advice as JSON')
    .action(advise)
}

function advise(path: string | undefined, flags: Flags): void {
  if (flags.schema) {
    print(recipeSchema)
    return
  }
  if (path === undefined)
    throw new UserError(
      'advise: which recipe? downhill advise recipe.json; --schema tells what it may say',
    )
  const recipe = checked(path, () => {
    const given = readJson(path)
    checkRecipe(path, given)
    return given
  })
  const { history: file } = flags
  const history = file && checked(file, () => historyFromJson(file, readJson(file)))
  const advice = adviceFor(recipe, history || undefined)
  if (flags.json) print(asJson(advice))
  else process.stdout.write(`${Object.values(advice).filter(Boolean).join('\n\n')}\n`)
  const grave = advice.findings.rows.some(({ severity }) => /^(critical|major)$/.test(severity))
  if (flags.strict && grave) process.exitCode = 1
}

/** In the order in which it is read: what to take, what is wrong with what is there, what to do about how it went. */
function adviceFor(recipe: TrainingRecipe, history: RunLike | undefined) {
  const { model, optimizer, symptoms = [] } = recipe
  const known = Object.keys(taskSchema.properties ?? {})
  const task = Object.fromEntries(Object.entries(recipe).filter(([name]) => known.includes(name)))
  const hasRows = history !== undefined && ('rows' in history ? history.rows : history).length > 0
  return {
    choice: model !== undefined || optimizer === undefined ? choose(task) : undefined,
    findings: lint(recipe),
    diagnosis:
      history !== undefined || symptoms.length > 0
        ? diagnose(history ?? [], { recipe })
        : undefined,
    note: hasRows ? recipeNote(history, { recipe }) : undefined,
  }
}

function asJson({ choice, findings, diagnosis, note }: ReturnType<typeof adviceFor>) {
  return {
    ...(choice && { choice: { ...choice, rows: undefined, options: choice.rows } }),
    findings: findings.rows,
    ...(diagnosis && { diagnosis: { ...diagnosis, rows: undefined, moves: diagnosis.rows } }),
    ...(note && { note: note.rows }),
  }
}

const print = (value: object): void =>
  void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)

function readJson(path: string): unknown {
  let text: string
  try {
    // Some editors begin a file with a byte-order mark.
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    throw fileError(path, { what: 'read', error, wayOut: 'give the path of a JSON file' })
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    const message = (error as Error).message.replace(/\s+/g, ' ')
    throw new UserError(
      `${path}: must be JSON, such as { "optimizer": "adamw", "lr": 0.001 }: ${message}`,
    )
  }
}

/** What is wrong with a file is the user's to mend: a line, no stack. */
function checked<Value>(path: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError && /call stack/.test(error.message))
      throw new UserError(`${path}: must not be nested thousands of levels deep; see --schema`)
    if (error instanceof RangeError || error instanceof TypeError)
      throw new UserError(error.message)
    throw error
  }
}
