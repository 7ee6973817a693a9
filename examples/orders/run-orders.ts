import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type MadeOrders, makeOrders } from './make-orders.ts'

const HERE = import.meta.dirname
const REDRIVE = join(HERE, '..', '..', 'bin', 'redrive.js')
const JOB = join(HERE, 'orders.ts')

export interface RunOrders {
  /** Working directory; what is made goes to `.redrive/orders` in it. */
  readonly folder: string
  readonly rows?: number
  /** The service's outage begins with this request, and lasts so long. */
  readonly outage?: { readonly at: number; readonly ms: number }
  /** `inherit`: redrive's panel and report are seen. */
  readonly stdio: 'inherit' | 'ignore'
}

/** A run of the example as it ended, with the service still up. */
export interface OrdersRun {
  /** redrive's own. */
  readonly exitCode: number
  readonly made: MadeOrders
  readonly store: string
  readonly report: OrdersReport
  /** By line. */
  readonly letters: readonly OrdersLetter[]
  /** Runs another redrive command over the same ledger, against the same service. */
  command(args: readonly string[]): Promise<{ exitCode: number; stdout: string; stderr: string }>
  stats(): Promise<ServiceStats>
  end(): Promise<void>
}

/** What is used of `redrive batch show --json`. */
export interface OrdersReport {
  readonly batchId: string
  readonly state: string
  readonly exitCode: number
  readonly counts: { readonly [state: string]: number }
  readonly recovered: number
  readonly attempts: { readonly total: number; readonly retries: number; readonly notCounted: number }
}

/** What is used of a line of `redrive quarantine list --json`. */
export interface OrdersLetter {
  readonly id: string
  readonly line?: number
  readonly raw?: string
  readonly classification: { readonly type: string; readonly disposition: string }
}

export interface ServiceStats {
  readonly requests: number
  readonly replayed: number
  readonly refusedInOutage: number
  readonly faults: { readonly [fault: string]: number }
  /** By order id: how often it was really accepted. */
  readonly accepted: { readonly [id: string]: number }
}

/** Makes the orders, starts the service, and runs redrive over a fresh ledger, each in a process of its own. */
export async function runOrders(options: RunOrders): Promise<OrdersRun> {
  const { folder, rows = 20_000, outage = { at: 8_000, ms: 10_000 }, stdio } = options
  const place = join(folder, '.redrive', 'orders')
  rmSync(place, { recursive: true, force: true })
  const made = makeOrders(join(place, 'orders.csv'), { rows })
  const service = await startService(outage)
  const store = 'sqlite:.redrive/orders/ledger.db'
  const env = { ...process.env, ORDERS_URL: service.url, REDRIVE_STORE: store }
  const command = (args: readonly string[]) => captured(args, { cwd: folder, env })
  try {
    const run = spawn(process.execPath, [REDRIVE, 'run', relative(folder, JOB)], { cwd: folder, env, stdio })
    const [code, signal] = await once(run, 'exit')
    const [batch] = existsSync(join(place, 'ledger.db')) ? await lines(command, ['batches', '--json']) : []
    if (!batch) throw new Error(`redrive run ended with ${code ?? signal} before it had a batch`)
    const [report] = await lines(command, ['batch', 'show', batch.batchId as string, '--json'])
    const letters = (await lines(command, ['quarantine', 'list', '--json'])) as unknown as OrdersLetter[]
    return {
      exitCode: (code as number | null) ?? -1,
      made,
      store,
      report: report as unknown as OrdersReport,
      letters: letters.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
      command,
      stats: async () => (await fetch(`${service.url}/stats`)).json() as Promise<ServiceStats>,
      end: service.end,
    }
  } catch (error) {
    await service.end()
    throw error
  }
}

async function startService(outage: { at: number; ms: number }): Promise<{ url: string; end(): Promise<void> }> {
  const args = ['--port', '0', '--outage-at', String(outage.at), '--outage-ms', String(outage.ms)]
  const child: ChildProcess = fork(join(HERE, 'service.ts'), args, {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [message] = await once(child, 'message')
  return {
    url: (message as { url: string }).url,
    async end() {
      if (child.exitCode !== null) return
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}

type Command = OrdersRun['command']

async function lines(command: Command, args: readonly string[]): Promise<{ [field: string]: unknown }[]> {
  const { exitCode, stdout, stderr } = await command(args)
  if (exitCode !== 0) throw new Error(`redrive ${args.join(' ')} ended with ${exitCode}: ${stderr}`)
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

async function captured(args: readonly string[], where: { cwd: string; env: NodeJS.ProcessEnv }) {
  const child = spawn(process.execPath, [REDRIVE, ...args], { ...where, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (output.stderr += text))
  const [code] = await once(child, 'close')
  return { exitCode: (code as number | null) ?? -1, ...output }
}
