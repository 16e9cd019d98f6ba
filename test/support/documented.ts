import { readFileSync } from 'node:fs'
import type { Plateau, Schedule } from 'downhill'
import * as downhill from 'downhill'
import { expect } from 'vitest'
import { expectGolden, type Fixture } from './golden.js'

/** The three fixture files of schedules, by the headings of docs/schedules.md. */
const files = {
  '### From PyTorch': 'schedulers_torch',
  '### From Transformers': 'schedulers_transformers',
  '### From Optax': 'schedulers_optax',
} as const

export type ScheduleFile = (typeof files)[keyof typeof files]

/** One line of the tables: their call, our code for it, and the cases that prove it. */
export interface Row {
  file: ScheduleFile
  theirs: string
  ours: string
  cases: string[]
  /** It is about the momentum of a group, not about its rate. */
  momentum: boolean
}

export const page = readFileSync(new URL('../../docs/schedules.md', import.meta.url), 'utf8')

export const rows: readonly Row[] = page.split(/^(?=### )/m).flatMap((section) => {
  const file = files[section.split('\n')[0] as keyof typeof files]
  if (!file) return []
  const tables = section.split('\n\n').filter((block) => block.startsWith('|'))
  return tables.flatMap((table) =>
    Array.from(
      table.matchAll(/^\| (`.+?) +\| `([^`]+)` +\| ([\w, ]+?) +\|$/gm),
      ([, theirs, ours, cases]) => ({
        file,
        theirs: theirs!,
        ours: ours!,
        cases: cases!.split(', '),
        momentum: table.startsWith("| PyTorch's momentum"),
      }),
    ),
  )
})

type Scope = Record<string, unknown>
interface Scheduler {
  class: string
  args: Scope
}

/** Runs our code of a row: what the left side names is there, an argument that was left out is undefined. */
function run({ theirs, ours }: Row, scope: Scope): Schedule {
  const named: Scope = {}
  const code = Array.from(theirs.matchAll(/`([^`]+)`/g), ([, text]) => text).join(' ')
  for (const [, name, fallback] of code.matchAll(/\b([A-Za-z_]\w*)\b(?: = ([\d.e]+))?/g))
    named[name!] = fallback === undefined ? undefined : Number(fallback)
  const all = { ...downhill, ...named, ...scope }
  return new Function(...Object.keys(all), `return (${ours})`)(...Object.values(all))
}

const rowOf = (file: ScheduleFile, momentum: boolean, matches: (row: Row) => boolean): Row => {
  const found = rows.find((row) => row.file === file && row.momentum === momentum && matches(row))
  if (!found) throw new Error(`docs/schedules.md has no such row of ${file}`)
  return found
}

/** PyTorch takes a list, one a group, for these. */
const perGroup = ['base_lr', 'max_lr', 'swa_lr', 'min_lr', 'lr_lambda']

/** The arguments of a PyTorch scheduler as group g sees them; schedulers inside it are schedules already. */
function torchScope({ args }: Scheduler, lr: number, g: number): Scope {
  const scope: Scope = { lr }
  for (const [name, value] of Object.entries(args))
    scope[name] = perGroup.includes(name) && Array.isArray(value) ? value[g] : value
  const { lr_lambda: given, schedulers } = scope as {
    lr_lambda?: { values: number[] }
    schedulers?: Scheduler[]
  }
  if (given) scope.lr_lambda = (t: number) => given.values[t]
  const made = (rate: number) =>
    schedulers?.map((inner) => ofClass(inner, rate, torchScope(inner, rate, g)))
  const inside = Object.assign({}, ...(schedulers ?? []).map((inner) => inner.args))
  return { ...inside, ...scope, schedulers: made(lr), factors: made(1) }
}

const ofClass = (scheduler: Scheduler, lr: number, scope: Scope): Schedule =>
  run(
    rowOf('schedulers_torch', false, ({ theirs }) => theirs.startsWith(`\`${scheduler.class}(`)),
    { ...scope, lr },
  )

function scopeOf(file: ScheduleFile, fixture: Fixture, g: number): Scope {
  if (file === 'schedulers_optax') return fixture.args as Scope
  const { lr } = (fixture.groups as { lr: number }[])[g]!
  if (file === 'schedulers_transformers')
    return { ...(fixture.args as Scope), lr, defaults_lr: fixture.defaults_lr }
  const scheduler = fixture.scheduler as Scheduler
  const scope = torchScope(scheduler, lr, g)
  const edits = fixture.edits as { before_step: number; group: number; lr: number }[] | undefined
  if (!edits && scope.last_epoch === undefined) return scope
  const schedule = ofClass(scheduler, lr, scope)
  const edit = edits?.find(({ group }) => group === g)
  const step = edits?.[0]?.before_step ?? 0
  return { ...scope, schedule, step, value: edit?.lr ?? schedule(step) }
}

/** What our code of a case's row gives at every step of every group is what their library gave. */
export function expectDocumented(file: ScheduleFile, fixture: Fixture, momentum = false): void {
  const row = rowOf(file, momentum, ({ cases }) => cases.includes(fixture.id))
  const all = (momentum ? fixture.momenta : (fixture.lrs ?? [fixture.values])) as number[][]
  expect(all.length).toBeGreaterThan(0)
  for (const [g, theirs] of all.entries()) {
    expect(theirs.length).toBe((fixture.steps as number) + 1)
    const schedule = run(row, scopeOf(file, fixture, g))
    const metrics = fixture.metrics as number[] | undefined
    const epochs = fixture.epochs as number[] | undefined
    const ours = metrics
      ? [schedule(0), ...metrics.map((metric) => (schedule as Plateau).observe(metric))]
      : theirs.map((_, t) => schedule(t === 0 ? 0 : (epochs?.[t - 1] ?? t)))
    expectGolden(ours, theirs, fixture.tol, `${fixture.id}, group ${g}`)
  }
}
