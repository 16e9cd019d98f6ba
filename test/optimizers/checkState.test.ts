import { expect, test } from 'vitest'
import { parameter, tensor } from '../../src/nn/create.js'
import { adam } from '../../src/optimizers/adam.js'
import { checkNumbers } from '../../src/optimizers/checkState.js'
import { stateFromJson, stateToJson } from '../../src/optimizers/stateFile.js'

async function saved(): Promise<string> {
  const x = parameter([1, 2])
  const optimizer = adam([x])
  x.grad = tensor([1, 1])
  optimizer.step()
  return stateToJson(await optimizer.stateDict())
}

/** Each is one thing that a file may have wrong: the text that is replaced, by what, and where the message says it is. */
test.each([
  ['"steps":1', '"steps":"1"', 'steps is not a number of steps'],
  ['"steps":1', '"steps":-1', 'steps is not a number of steps'],
  ['"steps":1', '"steps":1e300', 'steps is not a number of steps'],
  ['"steps":1,', '', 'steps is not a number of steps'],
  ['"groups":[', '"groups":null,"old":[', 'groups is not a list'],
  ['"groups":[', '"groups":[null,', 'groups[0] is not an object'],
  ['"scheduled":[]', '"scheduled":{}', 'scheduled of groups[0] is not a list'],
  ['"options":{', '"options":null,"old":{', 'options of groups[0] is not an object'],
  ['"params":[', '"params":"","old":[', 'params is not a list'],
  ['"shape":[2]', '"shape":2', 'shape of params[0] is not a shape'],
  ['"shape":[2]', '"shape":["2"]', 'shape of params[0] is not a shape'],
  ['"joined":0', '"joined":5', 'was stepped more often (1) than there were steps since it joined'],
  ['"t":1', '"t":2', 'was stepped more often (2) than there were steps since it joined'],
  ['"arrays":{', '"arrays":[],"old":{', 'arrays of params[0] is not an object'],
  ['"m":[', '"m":"12","old":[', 'm of arrays of params[0] is not a list'],
  ['"scalars":{}', '"scalars":1', 'scalars of params[0] is not an object'],
  ['"name":"adam"', '"name":"adam","own":3', 'own is not an object'],
  ['"name":"adam"', '"name":"adam","own":{"numbers":{}}', 'arrays of own is not an object'],
])('%s → %s', async (from, to, message) => {
  const text = await saved()
  expect(text).toContain(from)
  expect(() => stateFromJson(text.replace(from, to))).toThrow(RangeError)
  expect(() => stateFromJson(text.replace(from, to))).toThrow(message)
})

test.each([
  ['"options":{', '"options":{"__proto__":{"polluted":1},', 'there is no option "__proto__"'],
  ['"arrays":{', '"arrays":{"__proto__":[1,2],', 'has a state __proto__, which adam has not'],
  ['"scalars":{', '"scalars":{"lr":9', 'has a number lr, which adam has not'],
  ['"scalars":{', '"scalars":{"__proto__":{"lr":9}', 'has a number __proto__, which adam has not'],
])('names that are not the optimizer’s: %s → %s', async (from, to, message) => {
  const text = (await saved()).replace(from, to)
  const optimizer = adam([parameter([1, 2])])
  const before = await optimizer.stateDict()
  expect(() => optimizer.loadStateDict(stateFromJson(text))).toThrow(message)
  expect(await optimizer.stateDict()).toEqual(before)
  expect({}).not.toHaveProperty('polluted')
})

test('a parameter too many is refused', async () => {
  const state = stateFromJson(await saved())
  state.params.push(state.params[0]!)
  expect(() => adam([parameter([1, 2])]).loadStateDict(state)).toThrow(
    'adam: this state does not fit: it has 2 parameters, here are 1',
  )
})

test('numbers are numbers', () => {
  const refuse = (what: string): never => {
    throw new RangeError(what)
  }
  checkNumbers([1, Number.NaN], 'm', refuse)
  expect(() => checkNumbers([1, null], 'm', refuse)).toThrow('m has null at 1, not a number')
})
