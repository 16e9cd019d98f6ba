import type { DeviceArray, Launch } from './backend.js'
import type { Program } from './rule.js'
import { NodeWriter } from './simd-nodes.js'
import { assemble, WasmFunction, type WasmType } from './wasm.js'

/**
 * How an input is read: a single value; whole; a row in each segment; a longer row, of which each segment reads the next part; one value
 * a segment; one value for several segments, over and over.
 */
export type Reading = 'single' | 'whole' | 'row' | 'rows' | 'column' | 'blocks'

/** Numbers that a way of reading takes. */
const arguments_: Record<Reading, readonly WasmType[]> = {
  single: ['f32'],
  whole: ['i32'],
  row: ['i32'],
  rows: ['i32', 'i32'],
  column: ['i32'],
  blocks: ['i32', 'i32', 'i32'],
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))

/** `repeat` of an input that is really repeated, and is not a single value; else 0. */
const repeated = (repeat: Launch['repeat'], position: number, input: number, length: number) =>
  input === 1 || input === length ? 0 : (repeat?.[position] ?? 0)

/** Elements of a segment: in it each input is read from neighbours, or is one value. 0 where none is repeated. */
export function segmentOf(
  program: Program,
  inputs: readonly DeviceArray[],
  repeat: Launch['repeat'],
  length: number,
): number {
  let segment = 0
  for (const position of program.inputs) {
    const input = inputs[position]!.length
    const each = repeated(repeat, position, input, length)
    if (each) segment = gcd(segment, each === 1 ? input : each)
  }
  return segment
}

/**
 * How an input is read. What follows its address goes to `args`: the bytes of its row, or the bytes that read one value, and how many
 * values there are.
 */
export function readingOf(
  repeat: Launch['repeat'],
  position: number,
  input: number,
  { length, segment }: { length: number; segment: number },
  args: number[],
): Reading {
  if (input === 1) return 'single'
  const each = repeated(repeat, position, input, length)
  if (each === 0) return 'whole'
  if (each === 1) {
    if (input === segment) return 'row'
    args.push(input * 4)
    return 'rows'
  }
  if (each === segment && each * input === length) return 'column'
  args.push(each * 4, input)
  return 'blocks'
}

/**
 * A module with one function `map` for all outputs. It takes the bytes of an output, those of a segment, for each input an address (or
 * a float32) and its extras, the slots, and the addresses of the outputs, which may not lie where inputs lie unless segments are whole
 * vectors: the last one of a segment is written past its end, before the next segment is.
 */
export function repeatModule(
  program: Program,
  readings: readonly Reading[],
): Uint8Array<ArrayBuffer> {
  const params: WasmType[] = ['i32', 'i32']
  const firsts = readings.map(
    (reading) => params.push(...arguments_[reading]) - arguments_[reading].length,
  )
  const firstSlot = params.length
  params.push(...program.slots.map(() => 'f32' as const))
  const firstOutput = params.length
  params.push(...program.outputs.map(() => 'i32' as const))
  const f = new WasmFunction('map', params)
  const [bytes, segment] = [0, 1]
  const [start, at] = [f.local('i32'), f.local('i32')]
  const readingOf = (position: number) => readings[program.inputs.indexOf(position)]!
  /** Where the current segment of an input begins, or its one value lies. */
  const pointers = readings.map((reading) => (reading === 'single' ? -1 : f.local('i32')))
  const targets = program.outputs.map(() => f.local('i32'))
  const nodes = new NodeWriter(f, program, {
    level: (position) =>
      ({ single: 0, column: 1, blocks: 1, whole: 2, row: 2, rows: 2 })[readingOf(position)],
    load(position) {
      const k = program.inputs.indexOf(position)
      const reading = readings[k]!
      if (reading === 'single') f.get(firsts[k]!).op('f32x4.splat')
      else if (reading === 'column' || reading === 'blocks') f.get(pointers[k]!).loadSplat()
      else f.get(pointers[k]!).get(at).op('i32.add').load()
    },
    slot: (k) => f.get(firstSlot + k).op('f32x4.splat'),
  })
  nodes.compute(0)
  f.op('loop')
  for (const [k, reading] of readings.entries()) {
    if (reading === 'single') continue
    const first = firsts[k]!
    f.get(first)
    if (reading === 'whole') f.get(start).op('i32.add')
    if (reading === 'rows')
      f.get(start)
        .get(first + 1)
        .op('i32.rem_u')
        .op('i32.add')
    if (reading === 'blocks')
      f.get(start)
        .get(first + 1)
        .op('i32.div_u')
        .get(first + 2)
        .op('i32.rem_u')
        .i32(2)
        .op('i32.shl')
        .op('i32.add')
    f.set(pointers[k]!)
    if (reading === 'column') f.get(first).i32(4).op('i32.add').set(first)
  }
  for (const [k, target] of targets.entries())
    f.get(firstOutput + k)
      .get(start)
      .op('i32.add')
      .set(target)
  nodes.compute(1)
  f.i32(0).set(at).op('loop')
  nodes.compute(2)
  for (const [k, output] of program.outputs.entries()) {
    f.get(targets[k]!).get(at).op('i32.add')
    nodes.put(output)
    f.store()
  }
  f.get(at).i32(16).op('i32.add').tee(at).get(segment).op('i32.lt_u').jumpIf(0).op('end')
  f.get(start).get(segment).op('i32.add').tee(start).get(bytes).op('i32.lt_u').jumpIf(0).op('end')
  return assemble([f], nodes.imports)
}
