// `npm start`: 20,000 orders through a service that misbehaves. Exits 0 only if the outcome is the documented one.
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const place = join('.redrive', 'orders')

/** The commands of the last lines hold from the folder in which `npm start` was called: the clone. */
async function main() {
  const [{ runOrders }, { findProblems }] = await Promise.all([
    import('../examples/orders/run-orders.ts'),
    import('../examples/orders/outcome.ts'),
  ])
  say('20,000 orders from a CSV file, of which 12 rows are malformed and 20 repeat an order, go to a service on this')
  say('machine that is slow, breaks connections, answers 500 and 429, and is gone for ten seconds in the middle.')
  say(
    `Orders and a fresh ledger: ${place}. What runs: ${relative(ROOT, join(ROOT, 'examples', 'orders', 'orders.ts'))}`,
  )
  say('')
  const startedAt = Date.now()
  const run = await runOrders({ folder: ROOT, stdio: 'inherit' })
  const tookS = ((Date.now() - startedAt) / 1000).toFixed(1)
  try {
    const stats = await run.stats()
    const problems = findProblems(run, stats)
    for (const line of summary(run, { stats, problems, tookS })) say(line)
    process.exitCode = problems.length === 0 ? 0 : 1
  } finally {
    await run.end()
  }
}

function summary({ exitCode, made, letters, store }, { stats, problems, tookS }) {
  const accepted = Object.values(stats.accepted)
  const faults = Object.entries(stats.faults).map(([fault, count]) => `${count} × ${fault}`)
  const [first] = letters
  return [
    '',
    `redrive's exit code: ${exitCode} (3: finished, items in quarantine). ${tookS} s in all.`,
    `The service took ${stats.requests} requests (${faults.join(', ')}, ${stats.refusedInOutage} answered 503 as its outage began)`,
    `and accepted ${accepted.length} of ${made.valid.length} valid orders, ${accepted.filter((times) => times > 1).length} of them more than once.`,
    ...(problems.length === 0
      ? ['This is the documented outcome: only malformed rows are in quarantine, and nothing is lost.']
      : ['This is NOT the documented outcome:', ...problems.map((problem) => `  ${problem}`)]),
    ...(first ? nextSteps(first, { made, store }) : []),
  ]
}

/** Repairing needs the service: it ended with this script. */
function nextSteps(letter, { made, store }) {
  const row = made.malformed.find(({ line }) => line === letter.line)
  if (!row) return []
  return [
    '',
    'Look at it, repair a row, and redrive it (a service that behaves, for the last command):',
    ...(process.execPath.startsWith(ROOT) ? ['  export PATH="$PWD/node_modules/.bin:$PATH"   # node is then 24'] : []),
    `  export REDRIVE_STORE=${store}`,
    '  node bin/redrive.js quarantine list',
    `  node bin/redrive.js quarantine show ${letter.id}`,
    `  node bin/redrive.js quarantine edit ${letter.id} --raw '${row.mended}' --reason 'row completed'`,
    '  node examples/orders/service.ts --calm &',
    `  node bin/redrive.js quarantine retry ${letter.id}`,
  ]
}

function say(line) {
  console.log(line)
}

// Ctrl-C is for redrive, which ends in order; what it did is still reported here.
process.on('SIGINT', () => {})
await main()
