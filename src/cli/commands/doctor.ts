import type { Finding } from '../../open/finding.ts'
import type { Command } from '../command.ts'
import type { ListShape } from '../list-shape.ts'
import { ledgerUrl } from '../open-ledger.ts'

/** What is the ledger's: wrong ones exit 6, as a command that needs it would. */
const ofLedger = ['ledger', 'integrity', 'disk']

/** `redrive doctor`: checks this machine and the ledger. Exits 0, 6 if the ledger can't be used, 2 if anything else is wrong. */
export const doctor: Command = async ({ world, globals, output, talk }) => {
  const [machine, ledger] = await Promise.all([
    import('../../open/diagnose-machine.ts'),
    import('../../open/diagnose-ledger.ts'),
  ])
  const url = ledgerUrl(globals.store, world)
  const { findings, newestChangeMs } = await ledger.diagnoseLedger(url)
  const path = url.startsWith('sqlite:/') ? url.slice('sqlite:'.length) : undefined
  const all: Finding[] = [
    machine.diagnoseNode(process.versions.node),
    machine.diagnoseSqlite(process.versions['sqlite'] ?? '0'),
    ...findings,
    ...(path === undefined ? [] : [machine.diagnoseDisk(ledger.existingFolder(path))]),
    machine.diagnoseClock(world.nowMs(), newestChangeMs),
    machine.diagnoseKeys(world.env['REDRIVE_KEYS']),
    machine.diagnoseTemp(),
  ]
  await output.list(shape, all)
  const bad = all.filter(({ status }) => status === 'wrong')
  for (const { check, fix, status } of output.format === 'text' ? all : bad)
    if (fix !== undefined) await talk.say(`${status === 'wrong' ? '✗' : '!'} ${check}: ${fix}`)
  if (bad.length === 0) {
    await talk.next(findings.length === 1 ? 'redrive demo' : 'redrive batches')
    return 0
  }
  return bad.some(({ check }) => ofLedger.includes(check)) ? 6 : 2
}

const glyphs = { ok: '✓', warning: '!', wrong: '✗' }

const shape: ListShape<Finding> = {
  fields: ['check', 'status', 'detail', 'fix'],
  columns: [
    { head: 'CHECK', cell: ({ check }) => check },
    {
      head: 'STATUS',
      cell: ({ status }) => `${glyphs[status]} ${status}`,
      paint: ({ status }, colours) => ({ ok: colours.green, warning: colours.yellow, wrong: colours.red })[status],
    },
    { head: 'WHAT', cell: ({ detail }) => detail, grow: true },
  ],
  empty: 'Nothing was checked.',
}
