import { row as line, type Machine, machineLine } from './machine.js'

/** kbench's summary: kernel → metric → numbers, or how often each answer came. */
export type Summary = Record<string, Record<string, Numbers | Record<string, number>>>

interface Numbers {
  n: number
  min: number
  median: number
  max: number
  null?: number
}

interface Report {
  day: string
  runs: number
  machine: Machine
  versions: Record<string, string>
  summary: Summary
  /** Peers that could not be had here. */
  missing: string[]
}

interface Row {
  what: string
  key: string
  /** Must be true in every run for the number to count. */
  only?: string
  /** At most this, with the type check and without it. */
  target?: [number, number]
}

const rows: Row[] = [
  { what: 'launch → kernel_info, ms', key: 'a_launch_to_kernel_info', target: [171, 171] },
  { what: 'launch → first result, ms', key: 'b_launch_to_first_result', target: [600, 250] },
  { what: '`1+i`, round trip, ms', key: 'c_varied_median', target: [15, 2] },
  { what: '`1+i`, 95th percentile, ms', key: 'c_varied_p95' },
  { what: '`1+i` after 100 more cells, ms', key: 'c_varied_after_100' },
  { what: 'class of 30 lines, ms', key: 'd_class_median', target: [30, 4] },
  { what: '100 declarations, ms in all', key: 'f_100_cells_total' },
  {
    what: '20,000 lines → idle, and all are here, ms',
    key: 'e_20k_all',
    only: 'e_complete_in_order',
    target: [241, 241],
  },
  { what: 'lines that came before idle', key: 'e_lines_by_idle' },
  { what: 'display of 5 MB, ms', key: 'i_display_5mb' },
  {
    what: 'interrupt a loop → idle, ms',
    key: 'g_sync_interrupt',
    only: 'g_sync_state_survives',
    target: [50, 50],
  },
  {
    what: 'interrupt an await → idle, ms',
    key: 'g_async_interrupt',
    only: 'g_async_state_survives',
    target: [50, 50],
  },
  { what: 'heartbeat during a loop, ms', key: 'j_heartbeat_busy', target: [5, 5] },
  { what: 'control during a loop, ms', key: 'j_control_info_busy', target: [5, 5] },
  { what: 'completion of a member, ms', key: 'h_complete_median', only: 'h_complete_ok' },
  { what: 'inspection of a member, ms', key: 'h_inspect_median', only: 'h_inspect_ok' },
  { what: 'memory after the start, PSS MB', key: 'f_pss_start_mb', target: [250, 250] },
  { what: 'memory after 100 cells, PSS MB', key: 'f_pss_100_mb', target: [350, 350] },
]

const more = new Set(['e_lines_by_idle'])
const ours = new Set(['downhill', 'downhill-unchecked'])
const titles: Record<string, string> = { python3: 'ipykernel', 'downhill-unchecked': 'unchecked' }

/** The measurement as a page of Markdown: our kernel, the peers, the ratio to the best of them, and the targets. */
export function table({ day, runs, machine, versions, summary, missing }: Report): string {
  const kernels = Object.keys(summary)
  const peers = kernels.filter((name) => !ours.has(name))
  const head = [
    '',
    ...kernels.map((name) => titles[name] ?? name),
    ...missing,
    ...(peers.length > 0 ? ['downhill ÷ best peer', 'unchecked ÷ best peer'] : []),
    'target: checked; unchecked',
  ]
  return [
    `# The kernel beside its peers, ${day}`,
    '',
    `Median (minimum) of ${runs} fresh launches of each kernel, interleaved; the ratio likewise, to the peer whose median is best. Lower is`,
    'better, except for the lines. `downhill` checks the types of every cell before it runs, as tslab does; `unchecked` is the same kernel',
    'without that, as deno is. `lost`: output or state did not survive; `none`: no answer; `no binary`: npm has none for this machine.',
    '',
    machineLine(machine),
    "Compare the columns, not the milliseconds with another day's.",
    `Versions: ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
    '',
    line(head),
    line(head.map(() => '---')),
    ...rows.map((row) =>
      line([
        row.what,
        ...kernels.map((name) => cell(summary[name]!, row)),
        ...missing.map(() => 'no binary'),
        ...(peers.length > 0 ? [...ours].map((name) => ratio(summary, name, peers, row)) : []),
        row.target ? `≤ ${row.target[0]}; ≤ ${row.target[1]}` : '',
      ]),
    ),
    '',
  ].join('\n')
}

function numbers(metrics: Summary[string], key: string): Numbers | undefined {
  const value = metrics[key]
  return value && 'median' in value ? (value as Numbers) : undefined
}

/** False when a run lost what it should have kept. */
function holds(metrics: Summary[string], key: string | undefined): boolean {
  if (!key) return true
  const answers = Object.keys(metrics[key] ?? {})
  return answers.length === 1 && answers[0] === 'True'
}

function cell(metrics: Summary[string], { key, only }: Row): string {
  const value = numbers(metrics, key)
  if (!value) return 'none'
  const missing = value.null ? `, none in ${value.null}` : ''
  return `${short(value.median)} (${short(value.min)}${missing})${holds(metrics, only) ? '' : ', lost'}`
}

/** Of the medians, and of the minima, which other work on the machine disturbs less; a peer that lost something is none. */
function ratio(summary: Summary, name: string, peers: string[], { key, only }: Row): string {
  const us = numbers(summary[name]!, key)
  const theirs = peers
    .filter((peer) => holds(summary[peer]!, only))
    .flatMap((peer) => {
      const value = numbers(summary[peer]!, key)
      return value && value.max > 0 ? [{ peer, value }] : []
    })
    .sort((a, b) => (a.value.median - b.value.median) * (more.has(key) ? -1 : 1))
  const [best] = theirs
  if (!us || !best) return ''
  const share = (of: 'median' | 'min') => (us[of] / best.value[of]).toPrecision(2)
  return `${share('median')} (${share('min')}), ${titles[best.peer] ?? best.peer}`
}

export const short = (value: number) =>
  value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2)))
