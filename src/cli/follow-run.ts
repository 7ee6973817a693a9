import { performance } from 'node:perf_hooks'
import type { BatchRun } from '../runner/run.ts'
import type { Call } from './command.ts'
import { listenForStop } from './interruption.ts'
import { createLivePanel } from './live-panel.ts'
import { createRateMeter } from './rate-meter.ts'
import { runProgress, type Shown } from './run-progress.ts'
import type { StopSignal } from './world.ts'

/** Between two looks of the panel. */
const lookMs = 200
/** Where there is no terminal, the first line comes after so long: a short run says only how it ended. */
const quietMs = 10_000

/** How a run that was followed ended. */
export interface Followed<Answer> {
  readonly answer: Answer
  /** It was asked to end by this. */
  readonly signal?: StopSignal
  /** 130 or 143 then. */
  readonly exitCode?: number
}

export interface Following<Answer> {
  readonly run: BatchRun
  readonly shown: Shown
  readonly done: Promise<Answer>
  /** How it goes on after an interruption. */
  readonly resume: string
  /** Whatever runs on besides is to end too. */
  readonly onStop?: () => void
}

/** Shows a run of this process until it has ended, and has Ctrl-C and SIGTERM interrupt it: the first drains, the second stops at once. */
export async function followRun<Answer>(
  call: Call,
  { run, shown, done, resume, onStop }: Following<Answer>,
): Promise<Followed<Answer>> {
  const { world, talk, globals } = call
  const panel = createLivePanel(world, { colours: talk.colours, quiet: globals.quiet })
  const rate = createRateMeter()
  const notices: string[] = []
  void keepNotices(run, notices)
  const began = performance.now()
  const look = () => {
    if (!world.stderr.isTTY && performance.now() - began < quietMs) return
    const at = { nowMs: world.nowMs(), monotonicMs: performance.now(), rate, notices }
    panel.show(runProgress(run, shown, at)).catch(() => {}) // nobody looks any more
  }
  const stop = listenForStop(world, (force, signal) => {
    onStop?.()
    void run.interrupt(force)
    const word = force
      ? 'Stopping now: what runs is left, and recorded as interrupted.'
      : `${signal === 'SIGINT' ? 'Ctrl-C' : 'SIGTERM'}: nothing new starts, ${run.running} under way may end. Once more stops at once. To go on later: ${resume}`
    void panel
      .end()
      .then(() => talk.say(word))
      .catch(() => {})
  })
  const timer = setInterval(look, lookMs)
  try {
    const answer = await done
    return {
      answer,
      ...(stop.signal && { signal: stop.signal }),
      ...(stop.exitCode !== undefined && { exitCode: stop.exitCode }),
    }
  } finally {
    clearInterval(timer)
    stop.stop()
    await panel.end().catch(() => {})
  }
}

/** The panel shows the newest one. */
async function keepNotices(run: BatchRun, notices: string[]): Promise<void> {
  for await (const event of run.events.events) {
    if (event.type === 'notice') notices.splice(0, notices.length, event.message)
  }
}
