/** What `doctor` found out about one thing. */
export interface Finding {
  readonly check: string
  /** `warning`: it works, and may not for long. */
  readonly status: 'ok' | 'warning' | 'wrong'
  readonly detail: string
  /** What to do about it; absent when all is well. */
  readonly fix?: string
}

export const ok = (check: string, detail: string): Finding => ({ check, status: 'ok', detail })
export const warning = (check: string, detail: string, fix: string): Finding => ({
  check,
  status: 'warning',
  detail,
  fix,
})
export const wrong = (check: string, detail: string, fix: string): Finding => ({ check, status: 'wrong', detail, fix })
