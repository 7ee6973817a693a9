import { describe, expect, it } from 'vitest'
import { describeStore } from '../../testing/store-conformance.ts'
import { openSqlite } from './open-sqlite.ts'

describeStore({ name: 'SQLite in memory', open: () => openSqlite(':memory:') }, { describe, it, expect })
