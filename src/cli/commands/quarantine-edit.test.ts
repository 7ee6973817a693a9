import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { jobFolder } from '../job-folder.fixture.ts'
import { jsonLines } from '../test-world.fixture.ts'

const folder = jobFolder()
const { path, run } = folder
const json = async (words: readonly string[], env = {}) => {
  const { exitCode, stdout, stderr } = await run([...words, '--json'], { env })
  expect([exitCode, stderr], stderr).toEqual([exitCode, expect.not.stringContaining('RD-1999')])
  return jsonLines<any>(stdout)
}
const token = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'

/** Rows whose country is none are refused by the schema; a row with three cells can't be read. */
async function quarantined(
  name: string,
  csv: string,
  { more = '', env = {} }: { more?: string; env?: object } = {},
): Promise<string[]> {
  folder.write(`${name}.csv`, csv)
  folder.write(
    `${name}.ts`,
    `import { csv, job } from 'redrive'
const Row = { '~standard': { version: 1, vendor: 'test', validate: (row) =>
  ['DE', 'GB'].includes(row?.country) ? { value: row } : { issues: [{ message: 'is no country', path: ['country'] }] } } }
export default job({ name: '${name}', source: csv(${JSON.stringify(path(`${name}.csv`))}, { schema: Row, key: (row) => row.id }), ${more} run: (row) => row.id })`,
  )
  const [report] = await json(['run', `${name}.ts`], env)
  const letters = await json(['q', 'list', '--where', `batch:${report.batchId}`], env)
  return letters.sort((one, other) => one.position - other.position).map((letter) => letter.id)
}

test('a field is set, checked by the schema, kept as a version, and the letter redriven with it', async () => {
  const [id] = await quarantined('set', 'id,country\n1,UK\n2,DE\n')
  const edited = await run(['q', 'edit', id!, '--set', 'country=GB', '--reason', 'INC-42'])
  expect([edited.exitCode, edited.stderr]).toEqual([0, ''])
  expect(edited.stdout).toBe(
    `${id} has payload version 2, accepted by the source.\n  country:\n    - "UK"\n    + "GB"\n`,
  )
  const [letter] = await json(['q', 'show', id!])
  expect(letter).toMatchObject({ payload: { id: '1', country: 'GB' }, payloadVersion: 2, key: '1' })
  expect(letter.lineage.at(-1)).toMatchObject({ what: 'edited', reason: 'INC-42' })
  expect((await run(['q', 'retry', id!])).exitCode).toBe(0)
  const late = await run(['q', 'edit', id!, '--set', 'country=DE'])
  expect([late.exitCode, late.stderr]).toEqual([8, expect.stringMatching(/RD-1602.*it is resolved/)])
})

test('what the schema refuses is refused with its issues and changes nothing, unless it is not to be checked', async () => {
  const [id] = await quarantined('refused', 'id,country\n1,UK\n')
  const bad = await run(['q', 'edit', id!, '--set', 'country=XX'])
  expect([bad.exitCode, bad.stdout, bad.stderr]).toEqual([
    2,
    '',
    expect.stringMatching(
      /RD-1603: The source does not accept the edited payload: country: is no country\n.*--no-check/s,
    ),
  ])
  expect((await json(['q', 'show', id!]))[0].payloadVersion).toBe(1)
  const anyway = await json(['q', 'edit', id!, '--set', 'country=XX', '--no-check'])
  expect(anyway[0]).toMatchObject({
    schema: 1,
    id,
    payloadVersion: 2,
    checked: false,
    changes: [{ at: 'country', before: 'UK', after: 'XX' }],
  })
})

test('without its job file the edit is kept and said not to be checked', async () => {
  const [id] = await quarantined('gone', 'id,country\n1,UK\n')
  renameSync(path('gone.ts'), path('elsewhere.ts'))
  const edited = await run(['q', 'edit', id!, '--set', 'country=nowhere'])
  expect([edited.exitCode, edited.stderr]).toEqual([
    0,
    expect.stringMatching(/Not checked against the source's schema: there is no job file/),
  ])
  const named = await run(['q', 'edit', id!, '--set', 'country=nowhere', '--job', 'elsewhere.ts'])
  expect([named.exitCode, named.stderr]).toEqual([2, expect.stringContaining('RD-1603')])
})

test('the text of a row that could not be read is repaired as text, and read with the header of its file', async () => {
  const [id] = await quarantined('raw', 'id,country\n1,DE,extra\n2,DE\n')
  const set = await run(['q', 'edit', id!, '--set', 'country=DE'])
  expect([set.exitCode, set.stderr]).toEqual([
    2,
    expect.stringMatching(/RD-1603: .* has no payload whose fields could be set.*--raw TEXT/s),
  ])
  const bad = await run(['q', 'edit', id!, '--raw', '1,DE,still'])
  expect([bad.exitCode, bad.stderr]).toEqual([
    2,
    expect.stringContaining("RD-1603: The text can't be read as one row: the row has 3 cells; the header has 2 cells"),
  ])
  const good = await json(['q', 'edit', id!, '--raw', '7,DE'])
  expect(good[0]).toMatchObject({
    payloadVersion: 2,
    key: '7',
    checked: true,
    changes: [{ at: 'raw', before: '1,DE,extra', after: '7,DE' }],
  })
  const retried = await json(['q', 'retry', id!])
  expect(retried[0]).toMatchObject({ succeeded: 1, quarantined: 0 })
})

test('a whole payload comes from a file or standard input; masks left alone keep their values', async () => {
  const [id] = await quarantined('whole', `id,country,note\n1,UK,${token}\n`)
  const [{ payload }] = await json(['q', 'show', id!])
  expect(payload.note).not.toContain(token)
  folder.write('payload.json', JSON.stringify({ ...payload, country: 'GB' }))
  expect((await run(['q', 'edit', id!, '--file', 'payload.json'])).exitCode).toBe(0)
  const moved = await run(['q', 'edit', id!, '--file', '-'], {
    stdin: JSON.stringify({ id: payload.note, country: 'GB', note: '' }),
  })
  expect([moved.exitCode, moved.stderr]).toEqual([
    2,
    expect.stringMatching(/RD-1603: .*stands for a value that is hidden/),
  ])
  const broken = await run(['q', 'edit', id!, '--file', '-'], { stdin: '{"id":' })
  expect([broken.exitCode, broken.stderr]).toEqual([2, expect.stringContaining('RD-1603: Standard input is no JSON')])
  const polluted = await run(['q', 'edit', id!, '--file', '-', '--no-check'], { stdin: '{"__proto__":{"x":1}}' })
  expect([polluted.exitCode, polluted.stderr]).toEqual([2, expect.stringContaining("has a field '__proto__'")])
  // The handler gets the note in clear: it was never replaced by its mask.
  folder.write(
    'whole.ts',
    readFileSync(path('whole.ts'), 'utf8').replace(
      'run: (row) => row.id',
      `run: (row) => { if (row.note !== '${token}') throw new Error('the note is lost') }`,
    ),
  )
  expect((await json(['batch', 'show', (await json(['q', 'show', id!]))[0].batchId]))[0].counts.quarantined).toBe(1)
  expect(await json(['q', 'retry', id!, '--job', 'whole.ts#default'])).toMatchObject([{ succeeded: 1 }])
})

test('declared secrets are never shown, kept where they are left alone, and encrypted where they are typed', async () => {
  const env = { REDRIVE_KEYS: `k1:${randomBytes(32).toString('base64')}` }
  const [id, raw] = await quarantined('sealed', 'id,country,pin\n1,UK,pin-of-one\n2,DE,x,pin-of-two\n', {
    more: "secret: ['pin'],",
    env,
  })
  const closed = await run(['q', 'edit', id!, '--set', 'country=GB'])
  expect([closed.exitCode, closed.stderr]).toEqual([2, expect.stringContaining('RD-1106')])
  const shown = async () => (await json(['q', 'show', id!], env))[0].payload
  expect(await shown()).toEqual({ id: '1', country: 'UK', pin: '‹secret:1›' })
  const kept = await run(['q', 'edit', id!, '--file', '-', '--json'], {
    env,
    stdin: JSON.stringify({ ...(await shown()), country: 'GB' }),
  })
  expect(JSON.parse(kept.stdout).changes).toEqual([{ at: 'country', before: 'UK', after: 'GB' }])
  const typed = await run(['q', 'edit', id!, '--set', 'pin=another-pin', '--json'], { env })
  expect(JSON.parse(typed.stdout).changes).toEqual([
    { at: 'pin', before: '‹secret:1›', after: '‹secret:1›', masked: true },
  ])
  const row = await run(['q', 'edit', raw!, '--raw', '2,DE,pin-of-two'], { env })
  expect([row.exitCode, row.stdout]).toEqual([0, expect.not.stringContaining('pin-of-two')])
  expect((await run(['q', 'show', raw!], { env })).stdout).not.toContain('pin-of-two')
  const files = ['', '-wal'].map((end) => path(`.redrive/ledger.db${end}`)).filter((file) => existsSync(file))
  const ledger = files.map((file) => readFileSync(file, 'latin1')).join('')
  expect(['pin-of-one', 'pin-of-two', 'another-pin'].filter((secret) => ledger.includes(secret))).toEqual([])
  expect(await json(['q', 'retry', id!, raw!], env)).toMatchObject([{ succeeded: 2 }])
})

test('raw text is shown redacted', async () => {
  const [id] = await quarantined('rawtoken', `id,country\n1,DE,${token}\n`)
  expect((await run(['q', 'show', id!])).stdout).not.toContain(token)
  await run(['q', 'edit', id!, '--raw', `${token},DE`])
  const shown = (await run(['q', 'show', id!])).stdout
  expect([shown.includes(token), shown.includes('‹redacted:')]).toEqual([false, true])
})

test.each([
  [['q', 'edit', 'd_none', '--set', 'a=1'], 2, 'RD-1601'],
  [['q', 'edit'], 2, 'RD-1701'],
])('%j exits %d', async (words, code, said) => {
  const { exitCode, stderr } = await run(words)
  expect([exitCode, stderr]).toEqual([code, expect.stringContaining(said)])
})

test('without a change it names what can be said, and two at once exclude each other', async () => {
  const [id] = await quarantined('nothing', 'id,country\n1,UK\n')
  const none = await run(['q', 'edit', id!])
  expect([none.exitCode, none.stderr]).toEqual([
    2,
    expect.stringMatching(
      /RD-1911: Editing in \$EDITOR is not built yet.*\n.*--set PATH=VALUE, or --file FILE.*--raw TEXT/,
    ),
  ])
  const two = await run(['q', 'edit', id!, '--set', 'a=1', '--raw', 'x'])
  expect([two.exitCode, two.stderr]).toEqual([
    2,
    expect.stringContaining('RD-1701: --set and --raw exclude each other.'),
  ])
  rmSync(path('nothing.ts'))
})

test('repaired text is found by what it says, its secrets are not', async () => {
  const [id] = await quarantined('found', 'id,country\n1,DE,x\n')
  await run(['q', 'edit', id!, '--raw', `hippopotamus ${token},DE`])
  const found = async (text: string) => (await json(['q', 'list', '--where', `"${text}" job:found`])).length
  expect([await found('hippopotamus'), await found(token)]).toEqual([1, 0])
})
