import { exitCodes } from '../report/exit-code.ts'

/** Names of the topics of `redrive help`. */
export const topicNames = ['exit-codes', 'query', 'states', 'environment'] as const
export type Topic = (typeof topicNames)[number]

const query = `The query language is one, everywhere: --where, the library, later the pages.

  type:network state:held          terms side by side must all hold
  type:network OR type:timeout     one of them; OR binds weaker than side by side
  type:network,timeout             the same, for values of one field
  -view:review                     not; also NOT view:review
  (type:network OR a) b            brackets
  "connection reset"               text anywhere in the error; a single word needs no quotes
  key:"order 7"                    quotes for blanks, brackets and commas; \\" for a quote inside
  key:ORD-*                        * stands for anything

Fields:
  state        of an item, a dead letter or a batch: pending, held, quarantined, discarded, stopped, interrupted, …
  type         network timeout filesystem memory validation parsing schema auth rate_limit conflict dependency business
               system unknown
  disposition  transient recoverable permanent fatal
  severity     info warning error critical
  view         failed scheduled review
  group batch job stage dependency key id code assignee
  attempts generation    numbers: attempts:>3, generation:2, attempts:<=5
  age          age:<2d is younger, age:>12h older; units ms s m h d
  field.PATH   of the payload: field.country:UK, field.card.brand:visa, field.total:>100

At most 4,096 characters, 200 terms, 50 levels. In a shell put the whole query in quotes:
  redrive quarantine list --where 'type:validation age:<7d -field.country:UK'
`

const states = `An item is in exactly one state:
  pending        not run yet, or to be run again
  running        its handler runs
  waiting        to be tried again at a time
  held           a dependency is down; goes on by itself when it heals
  succeeded      done
  skipped        left out: by policy, or as a duplicate
  quarantined    failed for good as it is: a dead letter in quarantine
  discarded      given up by a person
  cancelled      never run, since its batch was cancelled
  compensating, compensated, compensation_failed    what it did is being undone, was, could not be

A batch:
  running                  a process works on it
  interrupted              no living process works on it; resumable
  paused                   waits for batch resume
  stopped                  a limit or a fatal error stopped it; resumable
  cancelled                ended by a person, for good
  completed                every item ended, none in quarantine
  completed_with_failures  every item ended, some in quarantine; completed when those are resolved
  rolling_back, rolled_back

A dead letter: quarantined, redriving (runs again), resolved (succeeded in the end), discarded.
Its view is failed, scheduled (part of an unfinished operation) or review (unknown, unsure, or failed again and again).
`

const environment = `REDRIVE_STORE     ledger, if --store is not given. Default sqlite:.redrive/ledger.db, from the working directory
REDRIVE_KEYS      keys of secret fields: ID:BASE64-OF-32-BYTES, comma-separated; the first writes, all read
NO_COLOR          any value: no colours
FORCE_COLOR       any value but 0: colours, also without a terminal
CI                one line of progress each 10 s instead of a panel
TERM=dumb         the same, and no colours
`

/** The page of a topic. */
export function topicPage(topic: Topic): string {
  switch (topic) {
    case 'exit-codes':
      return `${exitCodes.map(([code, text]) => `${String(code).padStart(4)}  ${text}`).join('\n')}\n\nbatch watch exits as the batch does. batch show exits 0: exitCode in its JSON is the batch's.\n`
    case 'query':
      return query
    case 'states':
      return states
    case 'environment':
      return environment
  }
}
