import picocolors from 'picocolors'
import { type Colours, noColours } from '../report/colours.ts'
import type { Out, World } from './world.ts'

/** Colours for an output: `--no-color` and NO_COLOR (not empty) forbid, FORCE_COLOR (not 0) demands, else a terminal that is not dumb. */
export function coloursOf(out: Out, { env }: Pick<World, 'env'>, allowed: boolean): Colours {
  if (!allowed || env['NO_COLOR']) return noColours
  const force = env['FORCE_COLOR']
  const wanted =
    force !== undefined && force !== '' ? force !== '0' && force !== 'false' : out.isTTY && env['TERM'] !== 'dumb'
  return wanted ? picocolors.createColors(true) : noColours
}
