import { expect, test } from 'vitest'
import { parseDocstring, toMarkdown } from '../../../cli/docs/docstring.mjs'

const docstring = `Adam: steps scaled by averages.
  m ← β₁·m + (1−β₁)·g        v ← β₂·v + (1−β₂)·g²
  p ← p − α·m̂ / (√v̂ + ε)
A vector is whole.
Source    Kingma & Ba 2015.
Differs   By \`convention\`:
  'timm'   as above
  'optax'  otherwise, and
           always
Defaults  PyTorch's.   Memory  2 floats a parameter.   Tests  test/optimizers/adam.test.ts
At the margin again.`

test('equations keep their lines, labels become a list, wherever on a line they stand', () => {
  const { body, labels } = parseDocstring(docstring)
  expect(body.map(({ kind }) => kind)).toEqual(['text', 'lines', 'text'])
  expect(body[2]!.lines).toEqual(['A vector is whole.', 'At the margin again.'])
  expect([...labels.keys()]).toEqual(['Source', 'Differs', 'Defaults', 'Memory', 'Tests'])
  expect(labels.get('Memory')![0]!.lines).toEqual(['2 floats a parameter.'])
})

test('as Markdown', () => {
  expect(toMarkdown(docstring, (file) => `../${file}`)).toBe(`Adam: steps scaled by averages.

\`\`\`text
m ← β₁·m + (1−β₁)·g        v ← β₂·v + (1−β₂)·g²
p ← p − α·m̂ / (√v̂ + ε)
\`\`\`

A vector is whole.
At the margin again.

- **Source** Kingma & Ba 2015.
- **Differs** By \`convention\`:

  \`\`\`text
  'timm'   as above
  'optax'  otherwise, and
           always
  \`\`\`
- **Defaults** PyTorch's.
- **Memory** 2 floats a parameter.
- **Tests** [test/optimizers/adam.test.ts](../test/optimizers/adam.test.ts)`)
})
