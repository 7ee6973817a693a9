import { main } from './main.ts'
import type { Out, World } from './world.ts'

/** What a command line left behind. */
export interface Left {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface TestWorld {
  readonly env?: { readonly [name: string]: string }
  readonly cwd?: string
  readonly stdin?: string | readonly (string | Uint8Array)[]
  /** Typed at a terminal, in place of `stdin`. */
  readonly typed?: string
  /** Both outputs are a terminal of so many columns. */
  readonly columns?: number
  readonly nowMs?: number
  /** Called instead of sleeping. */
  readonly sleep?: (ms: number) => Promise<void>
  readonly stdout?: Out
}

/** Runs a command line in a world of its own. */
export async function cli(argv: readonly string[], test: TestWorld = {}): Promise<Left> {
  const texts = { stdout: '', stderr: '' }
  let nowMs = test.nowMs ?? 0
  const out = (name: 'stdout' | 'stderr'): Out => ({
    isTTY: test.columns !== undefined,
    columns: test.columns ?? 80,
    write: async (text) => {
      texts[name] += text
    },
    flush: async () => {},
  })
  const world: World = {
    stdout: test.stdout ?? out('stdout'),
    stderr: out('stderr'),
    stdin: (async function* () {
      if (test.typed !== undefined) yield test.typed
      yield* typeof test.stdin === 'string' ? [test.stdin] : (test.stdin ?? [])
    })(),
    stdinIsTTY: test.stdin === undefined,
    env: { NO_COLOR: '1', ...test.env },
    cwd: test.cwd ?? '/nowhere',
    nowMs: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms
      await test.sleep?.(ms)
    },
  }
  const exitCode = await main(argv, world)
  return { exitCode, ...texts }
}

/** Lines of JSON. */
export function jsonLines<Line = { [field: string]: unknown }>(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
}
