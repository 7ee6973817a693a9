import { knownRanges } from '../../model/position-map.ts'
import { RedriveError } from '../../model/redrive-error.ts'
import { terminalBlock, terminalText } from '../../report/terminal-text.ts'
import type { BatchRecord, ItemLine } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import type { Command } from '../command.ts'
import { attemptJson, attemptLines } from '../failure-json.ts'
import { findBatch } from '../find-batch.ts'
import { itemJson } from '../item-json.ts'
import { parseItemId } from '../parse-item-id.ts'
import { payloadJson } from '../payload-json.ts'
import { section, sheet } from '../sheet.ts'

/** `redrive item BATCH:POSITION`: where an item stands, with its attempts and the redacted copy of its payload. */
export const item: Command = async ({ args, output, store, talk }) => {
  const id = parseItemId(args[0]!)
  if (!id)
    throw new RedriveError('RD-1705', {
      what: `${JSON.stringify(args[0]!.slice(0, 80))} is no item.`,
      fix: 'An item is BATCH:POSITION, for example b_0abc:17; list them with redrive items BATCH.',
    })
  const ledger = await store()
  const batch = await findBatch(ledger, id.batchId)
  const line = await lineAt(ledger, batch, id.position)
  const attempts = await ledger.runs.attempts(id.batchId, id.position)
  const payload = await payloadOf(ledger, id)
  const { attempts: attemptCount, ...found } = itemJson(id.batchId, line)
  const data = {
    ...found,
    position: id.position,
    attemptCount: attemptCount ?? 1,
    ...(payload === undefined ? {} : { payload }),
    attempts: attempts.map(attemptJson),
  }
  await output.page(data, {
    text: () => {
      const lines = [
        `${output.colours.bold(args[0]!)}  ${line.state}`,
        '',
        ...sheet([
          ['Key', found.key],
          [
            'Attempts',
            attemptCount === undefined
              ? '1: a plain success leaves no other record'
              : `${attemptCount}, generation ${found.generation}`,
          ],
          ['Stage', found.stage],
          ['Failed as', found.type && `${found.type}, ${found.disposition ?? ''}`],
          ['Group', found.group],
          ['Depends on', found.dependency],
          ['Due', found.dueAt],
          ['Dead letter', found.letterId],
          ['Updated', found.updatedAt],
        ]),
        ...(payload === undefined
          ? []
          : section('Payload', terminalBlock(JSON.stringify(payload, undefined, 2)).split('\n'))),
        ...(found.result === undefined
          ? []
          : section('Result', terminalBlock(JSON.stringify(found.result, undefined, 2)).split('\n'))),
        ...section('History', attemptLines(attempts).map(terminalText)),
      ]
      return `${lines.join('\n')}\n`
    },
  })
  if (found.letterId) await talk.next(`redrive quarantine show ${found.letterId}`)
  return 0
}

/** Its row; without one it is a plain success, or was handed out and has not ended. RD-1705 if the source never gave it. */
async function lineAt(ledger: Store, batch: BatchRecord, position: number): Promise<ItemLine> {
  const { rows } = await ledger.runs.items(
    batch.id,
    { op: 'field', field: 'id', test: { is: `${batch.id}:${position}` } },
    { limit: 1 },
  )
  if (rows[0]) return rows[0]
  const { watermark, map, read } = batch.checkpoint
  const offset = position - watermark
  if (offset < 0 || knownRanges(map).some(([from, to]) => offset >= from && offset <= to))
    return { positions: [position, position], state: 'succeeded' }
  if (position < read)
    throw new RedriveError('RD-1705', {
      what: `Item ${batch.id}:${position} has no record yet.`,
      why: 'It was read from the source and has not ended.',
      fix: `Follow the batch with redrive batch watch ${batch.id}.`,
    })
  throw new RedriveError('RD-1705', {
    what: `Batch ${batch.id} has no position ${position}.`,
    why: `It has read ${read} items so far; the first is 0.`,
    fix: `List them with redrive items ${batch.id}.`,
  })
}

async function payloadOf(
  ledger: Store,
  { batchId, position }: { batchId: string; position: number },
): Promise<unknown> {
  const letter = await ledger.letters.at(batchId, position)
  const kept = letter
    ? (await ledger.letters.versions(letter.id)).at(-1)
    : (await ledger.runs.payloads(batchId, [position])).get(position)
  return kept ? payloadJson(kept) : undefined
}
