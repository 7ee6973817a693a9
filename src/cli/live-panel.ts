import type { Colours } from '../report/colours.ts'
import { progressLine, progressPanel } from '../report/progress-panel.ts'
import type { ProgressSnapshot } from '../report/progress-snapshot.ts'
import type { World } from './world.ts'

/** Progress on standard error while something runs. */
export interface LivePanel {
  /** Shows how it stands now, in place of what was shown. */
  show(snapshot: ProgressSnapshot): Promise<void>
  /** Takes the panel away, so that what follows stands clean. Twice is the same as once. */
  end(): Promise<void>
}

/** Between two lines where there is no panel. */
const lineEveryMs = 10_000

/** A panel that redraws itself on a terminal; a line each 10 s in CI, on a dumb terminal and in a file; nothing when quiet. */
export function createLivePanel(
  world: Pick<World, 'stderr' | 'env' | 'nowMs'>,
  { colours, quiet }: { colours: Colours; quiet: boolean },
): LivePanel {
  if (quiet) return { show: async () => {}, end: async () => {} }
  const { stderr, env } = world
  const canRedraw = stderr.isTTY && env['TERM'] !== 'dumb' && (!env['CI'] || env['CI'] === 'false')
  return canRedraw ? redrawn(world, colours) : lined(world)
}

function redrawn({ stderr }: Pick<World, 'stderr'>, colours: Colours): LivePanel {
  let drawn = 0
  const home = () => (drawn > 0 ? `\x1b[${drawn}A\r` : '\r')
  return {
    show: async (snapshot) => {
      // One column is left free: a full line would make some terminals break.
      const lines = progressPanel(snapshot, { columns: Math.max(20, stderr.columns - 1), colours })
      const text = `${home()}${lines.map((line) => `\x1b[2K${line}\n`).join('')}\x1b[J`
      drawn = lines.length
      await stderr.write(text)
    },
    end: async () => {
      if (drawn === 0) return
      const text = `${home()}\x1b[J`
      drawn = 0
      await stderr.write(text)
    },
  }
}

function lined({ stderr, nowMs }: Pick<World, 'stderr' | 'nowMs'>): LivePanel {
  let lastMs = Number.NEGATIVE_INFINITY
  return {
    show: async (snapshot) => {
      const now = nowMs()
      if (now - lastMs < lineEveryMs) return
      lastMs = now
      await stderr.write(`${progressLine(snapshot)}\n`)
    },
    end: async () => {},
  }
}
