import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import type { Item } from './contestant.ts'

/** As redrive commits: at most so many items in one transaction. */
export const GROUP = 1_000

/** A database as redrive opens its own: WAL, FULL. */
export function openFull(folder: string, schema: string): DatabaseSync {
  const database = new DatabaseSync(join(folder, 'floor.db'))
  database.exec('pragma journal_mode = wal; pragma synchronous = full')
  database.exec(schema)
  return database
}

/** The rows of a file in groups of 1,000: readline and JSON.parse, nothing else. */
export async function* readGroups(file: string): AsyncGenerator<Item[]> {
  let group: Item[] = []
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (group.push(JSON.parse(line) as Item) < GROUP) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}

export function* groupsOf(items: readonly Item[]): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += GROUP) yield items.slice(at, at + GROUP)
}
