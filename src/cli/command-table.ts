import type { CommandRow } from './command.ts'

const lists = ['where', 'since', 'limit', 'fields'] as const

/**
 * Every command, in the order of `redrive help`. To add one: write `src/cli/NAME.ts` that exports a `Command`, and give
 * its row a `load`. A row without `load` is answered with RD-1911.
 */
export const commandTable: readonly CommandRow[] = [
  {
    name: 'run',
    summary: 'run a job, or go on with its unfinished batch',
    args: '<job-file> [input]',
    options: [
      ['--dry-run [items]', 'read and check the first 100 items, or --dry-run=1000; run nothing'],
      ['--concurrency <number>', 'items at once'],
      ['--rate <rate>', 'at most so many: 50/s'],
      ['--fresh', 'never resume'],
      ['--resume <batch>', 'resume this batch'],
      ['--accept-changed', 'resume although the source changed'],
      ['--report <formats>', 'write reports: md, json'],
    ],
    takes: ['limit', 'fields'],
    examples: [
      'redrive run orders.ts',
      'redrive run orders.ts today.csv --dry-run=1000',
      'zcat orders.csv.gz | redrive run orders.ts - --report md',
    ],
    load: async () => (await import('./commands/run.ts')).run,
  },
  {
    name: 'demo',
    summary: 'a batch against a service that misbehaves; takes some seconds',
    takes: ['fields'],
    load: async () => (await import('./commands/demo.ts')).demo,
  },
  {
    name: 'doctor',
    summary: 'check this machine and the ledger',
    takes: ['fields'],
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  {
    name: 'batches',
    summary: 'list batches, newest first',
    takes: lists,
    examples: ['redrive batches --where "job:orders state:stopped"', 'redrive batches --since 7d --json'],
    load: async () => (await import('./commands/batches.ts')).batches,
  },
  {
    name: 'batch show',
    summary: 'how a batch stands or ended',
    args: '<batch>',
    takes: ['fields'],
    load: async () => (await import('./commands/batch-show.ts')).batchShow,
  },
  {
    name: 'batch watch',
    summary: 'follow a batch until it ends; exits as the batch does',
    args: '<batch>',
    load: async () => (await import('./commands/batch-watch.ts')).batchWatch,
  },
  {
    name: 'batch pause',
    summary: 'let nothing new start',
    args: '<batch>',
    load: async () => (await import('./commands/batch-pause.ts')).batchPause,
  },
  {
    name: 'batch resume',
    summary: 'go on, in its paused runner or here; exits as it does',
    args: '<batch>',
    options: [['--job <file>', 'job file, if it is not where the batch had it']],
    load: async () => (await import('./commands/batch-resume.ts')).batchResume,
  },
  {
    name: 'batch cancel',
    summary: 'end a batch for good',
    args: '<batch>',
    options: [['--drain', 'finish the items in flight first']],
    load: async () => (await import('./commands/batch-cancel.ts')).batchCancel,
  },
  { name: 'batch rollback', summary: 'undo what a batch did', args: '<batch>' },
  {
    name: 'items',
    summary: 'list the items of a batch, by position',
    args: '<batch>',
    takes: lists,
    examples: ['redrive items b_0abc --where state:held', 'redrive items b_0abc --where "attempts:>3" --csv'],
    load: async () => (await import('./commands/items.ts')).items,
  },
  {
    name: 'item',
    summary: 'one item with its attempts',
    args: '<batch:position>',
    takes: ['fields'],
    load: async () => (await import('./commands/item.ts')).item,
  },
  {
    name: 'errors list',
    summary: 'list error groups, most dead letters first',
    takes: lists,
    load: async () => (await import('./commands/errors-list.ts')).errorsList,
  },
  {
    name: 'errors show',
    summary: 'one error group with its newest dead letters',
    args: '<group>',
    takes: ['fields'],
    load: async () => (await import('./commands/errors-show.ts')).errorsShow,
  },
  ...['mute', 'resolve', 'merge', 'split'].map((verb) => ({
    name: `errors ${verb}`,
    summary: `${verb} an error group`,
    args: '[groups...]',
  })),
  {
    name: 'quarantine list',
    summary: 'list dead letters, newest first',
    takes: lists,
    examples: [
      'redrive q list --where "type:validation age:<7d"',
      'redrive q list --json --fields id,key,error.message',
    ],
    load: async () => (await import('./commands/quarantine-list.ts')).quarantineList,
  },
  {
    name: 'quarantine show',
    summary: 'one dead letter: payload, error, attempts, what to do',
    args: '<letter>',
    takes: ['fields'],
    load: async () => (await import('./commands/quarantine-show.ts')).quarantineShow,
  },
  {
    name: 'quarantine stats',
    summary: 'counts of dead letters',
    takes: ['where', 'since', 'fields'],
    load: async () => (await import('./commands/quarantine-stats.ts')).quarantineStats,
  },
  {
    name: 'quarantine retry',
    summary: 'run dead letters again, and wait',
    args: '[letters...]',
    options: [
      ['--job <file>', 'job file, if it is not where the batch had it'],
      ['--reason <text>', 'why'],
      ['--require-match', 'exit 7 if nothing matches'],
      ['--expect <number>', 'exit 8 unless it is so many'],
    ],
    takes: ['where', 'since', 'fields'],
    examples: [
      'redrive quarantine retry d_0abc',
      "redrive q retry --where 'type:network age:<1d' --yes --expect 12",
      'redrive q list --where type:timeout --json | redrive q retry -',
    ],
    load: async () => (await import('./commands/quarantine-retry.ts')).quarantineRetry,
  },
  {
    name: 'quarantine discard',
    summary: 'give dead letters up',
    args: '[letters...]',
    options: [
      ['--reason <text>', 'why; required'],
      ['--undo', 'take discarded ones back into quarantine'],
      ['--require-match', 'exit 7 if nothing matches'],
      ['--expect <number>', 'exit 8 unless it is so many'],
    ],
    takes: ['where', 'since', 'fields'],
    examples: [
      "redrive quarantine discard d_0abc --reason 'INC-42: duplicate' --yes",
      'redrive quarantine discard --undo d_0abc',
    ],
    load: async () => (await import('./commands/quarantine-discard.ts')).quarantineDiscard,
  },
  {
    name: 'quarantine edit',
    summary: 'repair the payload of a dead letter',
    args: '<letter>',
    options: [
      ['--set <path=value...>', 'set fields; a text stays a text, PATH:=JSON sets any value'],
      ['--file <file>', 'the whole payload as JSON, or - for standard input'],
      ['--raw <text>', 'the text of a row that could not be read'],
      ['--job <file>', 'job file, if it is not where the batch had it'],
      ['--no-check', "store it although the source's schema refuses it"],
      ['--reason <text>', 'why'],
    ],
    takes: ['fields'],
    examples: [
      "redrive quarantine edit d_0abc --set country=GB --reason 'INC-42: UK is GB'",
      'redrive quarantine edit d_0abc --set lines.0.count:=3',
      'redrive q show d_0abc --json --fields payload | jq .payload > d.json; redrive q edit d_0abc --file d.json',
    ],
    load: async () => (await import('./commands/quarantine-edit.ts')).quarantineEdit,
  },
  ...['plan', 'export', 'import', 'note', 'assign'].map((verb) => ({
    name: `quarantine ${verb}`,
    summary: `${verb} dead letters`,
    args: '[words...]',
  })),
  {
    name: 'breakers list',
    summary: 'list circuit breakers',
    takes: ['fields', 'limit'],
    load: async () => (await import('./commands/breakers-list.ts')).breakersList,
  },
  ...['open', 'close', 'reset'].map((verb) => ({
    name: `breakers ${verb}`,
    summary: `${verb} a breaker by hand`,
    args: '<name>',
  })),
  {
    name: 'report',
    summary: 'report of a batch',
    args: '[batch]',
    options: [
      ['--format <format>', 'text, json or md; default text'],
      ['--out <file>', 'write it there'],
    ],
    takes: ['since'],
    examples: ['redrive report b_0abc --format md --out report.md'],
    load: async () => (await import('./commands/report.ts')).report,
  },
  {
    name: 'classify',
    summary: 'say what errors are: JSON lines in, JSON lines out',
    args: '[file]',
    options: [['--explain', 'for people: which rule, on what evidence']],
    takes: ['fields'],
    examples: [`echo '{"code":"ECONNRESET"}' | redrive classify`, 'redrive classify errors.ndjson --explain'],
    load: async () => (await import('./commands/classify.ts')).classify,
  },
  {
    name: 'store info',
    summary: 'size and version of the ledger',
    takes: ['fields'],
    load: async () => (await import('./commands/store-info.ts')).storeInfo,
  },
  {
    name: 'store check',
    summary: 'check the ledger for damage',
    load: async () => (await import('./commands/store-check.ts')).storeCheck,
  },
  ...['migrate', 'backup', 'prune'].map((verb) => ({
    name: `store ${verb}`,
    summary: `${verb} the ledger`,
    args: '[words...]',
  })),
  {
    name: 'explain',
    summary: 'what an error code means and what to do',
    args: '<code>',
    examples: ['redrive explain RD-1203'],
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  ...[
    ['init', 'write a first job file'],
    ['triage', 'walk the error groups, one key each'],
    ['what-if', 'replay a batch against another policy'],
    ['learn', 'the learned classifier'],
    ['alerts', 'alert channels and rules'],
    ['audit', 'who did what'],
    ['operations', 'acts on many dead letters'],
    ['apply', 'carry out a plan'],
    ['serve', 'the dashboard'],
    ['worker', 'work on batches of other machines'],
    ['config', 'print or check the configuration'],
    ['completion', 'completion for a shell'],
  ].map(([name = '', summary = '']) => ({ name, summary, args: '[words...]' })),
]

/** Words that stand for others. */
export const commandAliases: { readonly [word: string]: string } = { q: 'quarantine' }

/** What a group of commands does when no verb is given. */
export const defaultVerbs: { readonly [group: string]: string } = {
  errors: 'list',
  breakers: 'list',
  quarantine: 'list',
}
