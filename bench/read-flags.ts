import { parseArgs } from 'node:util'

export interface Flags {
  /** Everything once over few items, in under a minute: it must work, the figures say nothing. */
  readonly quick: boolean
  /** Ids of suites; empty for all. */
  readonly only: readonly string[]
  /** Nothing is measured: the latest results are put into the page again. */
  readonly fill: boolean
}

/** Reads the command line. Throws for a flag, or an id of a suite, that it doesn't know. */
export function readFlags(args: readonly string[], ids: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      fill: { type: 'boolean', default: false },
    },
  })
  const only = values.only.flatMap((list) => list.split(','))
  const stranger = only.find((id) => !ids.includes(id))
  if (stranger !== undefined) throw new Error(`--only ${stranger}: there is ${[...new Set(ids)].join(', ')}`)
  return { ...values, only }
}
