import { findCommand } from './find-command.ts'
import { OutputClosed, processWorld, type World } from './world.ts'

/**
 * Runs a command line (without `node` and the script) and answers its exit code; sets nothing global. Help, version and
 * unknown commands are answered from the static table: commander, the ledger and the command are loaded only to run it.
 */
export async function main(argv: readonly string[], world: World = processWorld()): Promise<number> {
  let exitCode: number
  try {
    exitCode = await dispatch(argv, world)
  } catch (error) {
    exitCode = await failed(error, argv, world)
  }
  await Promise.all([world.stdout.flush(), world.stderr.flush()])
  return exitCode
}

async function dispatch(argv: readonly string[], world: World): Promise<number> {
  const found = findCommand(argv)
  if (found.kind === 'version') {
    const { version } = await import('./version.ts')
    await world.stdout.write(`${version()}\n`)
    return 0
  }
  if (found.kind === 'help') {
    const { helpOn } = await import('./help-on.ts')
    await world.stdout.write(helpOn(found.words))
    return 0
  }
  const { runCommand } = await import('./run-command.ts')
  return runCommand(found.row, found.rest, world)
}

async function failed(error: unknown, argv: readonly string[], world: World): Promise<number> {
  if (error instanceof OutputClosed) return 0
  const [{ printedError }, { coloursOf }] = await Promise.all([import('./print-error.ts'), import('./colours-of.ts')])
  const verbose = argv.includes('-v') || argv.includes('--verbose')
  const colours = coloursOf(world.stderr, world, !argv.includes('--no-color'))
  const { text, exitCode } = printedError(error, { colours, verbose })
  await world.stderr.write(text).catch(() => {}) // nobody listens any more: the exit code still tells
  return exitCode
}
