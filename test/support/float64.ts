import { useBackend } from '../../src/backend/use.js'

// Tests state float64 numbers unless they choose a backend; the default of users is simd (test/backend/use.test.ts).
await useBackend('reference')
