/** An act of a person on dead letters, as a durable object. */
export interface OperationRecord {
  /** `o_…` */
  readonly id: string
  readonly kind: 'retry' | 'discard' | 'undiscard' | 'edit'
  readonly actor: string
  readonly reason?: string
  /** The query or the ids it was given, for people. */
  readonly selection: string
  readonly state: 'running' | 'completed' | 'cancelled'
  readonly createdAtMs: number
  readonly endedAtMs?: number
}

/** How one dead letter fared in an operation. */
export interface OperationItem {
  readonly operationId: string
  readonly letterId: string
  readonly batchId: string
  readonly position: number
  readonly result: 'pending' | 'succeeded' | 'skipped' | 'quarantined' | 'discarded' | 'edited' | 'left_out'
  readonly why?: string
}
