import { createPositionMap } from '../model/position-map.ts'
import type { ModelBatch } from './model-ledger.ts'

/** Whether a position that has no row has succeeded. */
export function isKnown(batch: ModelBatch, position: number): boolean {
  const { watermark, map } = batch.checkpoint
  return (
    position < watermark ||
    batch.successes.has(position) ||
    (map.length > 0 && createPositionMap(watermark, map).has(position))
  )
}

/** One more than the highest position that is known or has a row. */
export function endOf(batch: ModelBatch): number {
  const { watermark, map } = batch.checkpoint
  return Math.max(
    createPositionMap(watermark, map).end,
    ...[...batch.items.keys(), ...batch.successes.keys()].map((position) => position + 1),
  )
}
