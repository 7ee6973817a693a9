import type { Colours } from '../report/colours.ts'

/** Colour of a state's word. The word says it; the colour only helps to find it. */
export function stateColour(state: string, colours: Colours): (text: string) => string {
  if (/^(succeeded|completed|resolved)$/.test(state)) return colours.green
  if (/^(quarantined|stopped|cancelled|compensation_failed|open)$/.test(state)) return colours.red
  if (
    /^(waiting|held|paused|interrupted|completed_with_failures|redriving|half-open|rolling_back|discarded)$/.test(state)
  )
    return colours.yellow
  return colours.cyan
}
