import type { OperationItem } from '../../model/operation.ts'
import type { ItemWrite } from '../runs.ts'
import type { Transaction } from './transaction.ts'

/** How an item fared in the operation that redrove it. */
export function recordResult({ connection, batch }: Transaction, write: ItemWrite, operation: string): void {
  const result = resultOf(write)
  connection
    .statement(
      `update operation_items set result = ?, why = ? where operation = ? and batch = ? and position = ? and result = 'pending'`,
    )
    .run(result, result === 'left_out' ? `the item was ${write.to}` : null, operation, batch, write.position)
}

/** An operation ends with the last of its items. */
export function endOperations({ connection, group }: Transaction, operations: ReadonlySet<string>): void {
  for (const id of operations) {
    connection
      .statement(`update operations set state = 'completed', ended_at_ms = ? where id = ? and state = 'running'
        and not exists (select 1 from operation_items where operation = ? and result = 'pending')`)
      .run(group.atMs, id, id)
  }
}

function resultOf(write: ItemWrite): OperationItem['result'] {
  return write.to === 'succeeded' || write.to === 'skipped' || write.to === 'quarantined' ? write.to : 'left_out'
}
