import { type OptimizerFactory, parameter } from 'downhill'
import type { Fixture, Tape } from './golden.js'
import {
  expectParams,
  expectState,
  giveGradients,
  type Library,
  optimizerOf,
  tapeParameters,
  torch,
} from './tapes.js'

type TorchGroup = { params: number[]; [option: string]: unknown }
/** What happens before a step. */
export type Event =
  | { before_step: number; op: 'add_param_group'; group: TorchGroup }
  | { before_step: number; op: 'set'; group: number; values: Record<string, unknown> }
  | { before_step: number; op: 'freeze' | 'unfreeze'; params: number[] }
  | { before_step: number; op: 'save_restore' }

/** Walks an optimizer over a tape with groups that come, change, freeze and are saved on the way. */
export async function walkGroups(
  fixture: Fixture,
  tape: Tape,
  make: OptimizerFactory<Record<never, never>> = optimizerOf(fixture.impl) as never,
  library: Library = torch,
): Promise<void> {
  const given = (hyper: object) => {
    const options = Object.entries(library.options(hyper as never))
    return Object.fromEntries(options.filter(([, value]) => value !== undefined)) as object
  }
  const defaults = given(fixture.defaults as object)
  let params = tapeParameters(tape)
  const groups = (fixture.groups as TorchGroup[]).slice()
  const own = (group: TorchGroup) => ({
    params: group.params.map((i) => params[i]!),
    ...given(group),
  })
  let optimizer = make(groups.map(own), defaults)
  for (let t = 0; t < tape.grads.length; t++) {
    for (const event of (fixture.events as Event[]).filter((one) => one.before_step === t)) {
      if (event.op === 'add_param_group') {
        groups.push(event.group)
        optimizer.addGroup(own(event.group))
      } else if (event.op === 'set')
        Object.assign(optimizer.groups[event.group]!, given(event.values))
      else if (event.op === 'save_restore') {
        const saved = JSON.parse(JSON.stringify(await optimizer.stateDict()))
        params = params.map((param) => parameter(param.dataSync(), { shape: param.shape }))
        optimizer = make(groups.map(own), defaults)
        optimizer.loadStateDict(saved)
      } else for (const i of event.params) params[i]!.requiresGrad = event.op === 'unfreeze'
    }
    giveGradients(params, tape, t)
    optimizer.step()
    await expectParams(params, fixture, t)
  }
  const order = groups.flatMap((group) => group.params)
  await expectState(
    optimizer,
    fixture,
    params.map((_, i) => order.indexOf(i)),
    library,
  )
}
