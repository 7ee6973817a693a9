import type { GroupFailures, ItemWrite } from '../runs.ts'
import type { Connection } from './connection.ts'

const upsertGroup = `insert into error_groups (id, fingerprint, title, type, disposition, failures, first_seen_at_ms, last_seen_at_ms)
  values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do update set failures = failures + excluded.failures, last_seen_at_ms = max(last_seen_at_ms, excluded.last_seen_at_ms)`

/** Counts failed attempts under their groups. */
export function addFailures(connection: Connection, failures: readonly GroupFailures[], atMs: number): void {
  const upsert = connection.statement(upsertGroup)
  for (const one of failures)
    upsert.run(one.group, one.fingerprint, one.title, one.type, one.disposition, one.count, atMs, atMs)
}

/** Makes the groups of new dead letters, once for each and not once for each letter. */
export function ensureGroups(connection: Connection, writes: readonly ItemWrite[], atMs: number): void {
  const seen = new Set<string>()
  for (const { letter } of writes) {
    if (!letter || seen.has(letter.group)) continue
    seen.add(letter.group)
    const { type, disposition } = letter.classification
    connection
      .statement(upsertGroup)
      .run(letter.group, letter.fingerprint, letter.title, type, disposition, 0, atMs, atMs)
  }
}
