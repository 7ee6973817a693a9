import { RedriveError } from '../../model/redrive-error.ts'
import type { Claim, Claimed, Runs } from '../runs.ts'
import { batchNumber, toLease } from './batches.ts'
import type { Connection } from './connection.ts'

/** Who may write a batch: a lease that ends by itself, and an epoch that tells a late owner from the present one. */
export function createLeases(connection: Connection): Pick<Runs, 'claim' | 'renew' | 'release'> {
  return {
    claim: (claim) => connection.write(() => take(connection, claim)),
    renew: (batchId, epoch, expiresAtMs) =>
      connection.write(() => {
        const { no } = batchNumber(connection, batchId)
        const sql = 'update checkpoints set expires_at_ms = ? where batch = ? and epoch = ? and owner is not null'
        return connection.statement(sql).run(expiresAtMs, no, epoch).changes === 1
      }),
    release: (batchId, epoch) =>
      connection.write(() => {
        const { no } = batchNumber(connection, batchId)
        connection
          .statement('update checkpoints set owner = null, expires_at_ms = null where batch = ? and epoch = ?')
          .run(no, epoch)
      }),
  }
}

function take(connection: Connection, claim: Claim): Claimed {
  const { no } = batchNumber(connection, claim.batchId)
  const row = connection.statement('select epoch, owner, expires_at_ms from checkpoints where batch = ?').get(no)
  const held = row as unknown as { epoch: number; owner: string | null; expires_at_ms: number | null }
  const lease = toLease(held)
  if (lease && lease.expiresAtMs > claim.nowMs && lease.epoch !== claim.deadEpoch) return { ok: false, lease }
  const epoch = held.epoch + 1
  const sql = 'update checkpoints set epoch = ?, owner = ?, expires_at_ms = ? where batch = ?'
  connection.statement(sql).run(epoch, JSON.stringify(claim.owner), claim.expiresAtMs, no)
  return { ok: true, epoch }
}

/** What a stale epoch gets: the transaction that throws it changes nothing. */
export function leaseLost(batchId: string, epoch: number): RedriveError {
  return new RedriveError('RD-1402', {
    what: `The lease of batch ${batchId} is not of epoch ${epoch} any more`,
    why: 'Another runner claimed the batch, or this one gave the lease up.',
  })
}
