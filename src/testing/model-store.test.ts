import { describe, expect, it } from 'vitest'
import { createModelStore } from './model-store.ts'
import { describeStore } from './store-conformance.ts'

describeStore(
  {
    name: 'model',
    open: async () => createModelStore(),
    openAgain: async (first) => createModelStore({ ledger: (first as ReturnType<typeof createModelStore>).ledger }),
  },
  { describe, it, expect },
)
