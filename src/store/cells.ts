/** Small shared state: breakers, budgets, limits. */
export interface Cells {
  get(key: string): Promise<Cell | undefined>
  /** By prefix of the key, sorted. At most 1,000. */
  list(prefix: string): Promise<readonly Cell[]>
  /** Writes if the cell still has `version` (0: it must not exist). False if another was faster. */
  put(cell: { readonly key: string; readonly version: number; readonly value: string; readonly expiresAtMs?: number }): Promise<boolean>
  remove(key: string): Promise<void>
}

export interface Cell {
  /** `breaker/JOB/DEPENDENCY`, … */
  readonly key: string
  /** From 1; rises by one with each write. */
  readonly version: number
  /** JSON text. */
  readonly value: string
  readonly expiresAtMs?: number
}
