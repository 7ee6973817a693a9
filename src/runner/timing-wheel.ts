import type { Clock } from '../model/clock.ts'

/** Something that can be armed; owned by one wheel at a time. */
export interface WheelNode {
  /** Called once when due, in the wheel's tick; the node is free by then. */
  onDue(): void
  wheelTick: number
  wheelPrevious: WheelNode | undefined
  wheelNext: WheelNode | undefined
}

/** Timeouts of many short things: arming and disarming cost a few nanoseconds and no allocation, where a timer costs 290. */
export interface TimingWheel {
  /** Due within one tick after `dueMs` (monotonic), never before. Re-arming moves it. */
  arm(node: WheelNode, dueMs: number): void
  /** Nothing happens if it isn't armed. */
  disarm(node: WheelNode): void
  close(): void
}

const BUCKETS = 1024

/**
 * Hashed timing wheel: Varghese & Lauck, "Hashed and hierarchical timing wheels" (1987), scheme 6: a ring of buckets,
 * a node due beyond one turn stays in its bucket until its own tick comes.
 */
export function createTimingWheel(clock: Clock, tickMs = 10): TimingWheel {
  const buckets: (WheelNode | undefined)[] = new Array(BUCKETS).fill(undefined)
  let armed = 0
  let tick = Math.floor(clock.monotonicMs() / tickMs)
  let cancelTimer: (() => void) | undefined
  let closed = false

  const unlink = (node: WheelNode) => {
    const { wheelPrevious: previous, wheelNext: next } = node
    if (previous) previous.wheelNext = next
    else buckets[node.wheelTick % BUCKETS] = next
    if (next) next.wheelPrevious = previous
    node.wheelPrevious = undefined
    node.wheelNext = undefined
    node.wheelTick = -1
    armed--
  }

  const turn = () => {
    cancelTimer = undefined
    const now = Math.floor(clock.monotonicMs() / tickMs)
    // A blocked loop, or an idle wheel, may have missed more than one turn: each bucket need be seen only once.
    const from = Math.max(tick + 1, now - BUCKETS + 1)
    for (let at = from; at <= now; at++) sweep(at % BUCKETS, now)
    tick = Math.max(tick, now)
    schedule()
  }

  const sweep = (bucket: number, now: number) => {
    const due: WheelNode[] = []
    for (let node = buckets[bucket]; node; node = node.wheelNext) if (node.wheelTick <= now) due.push(node)
    for (const node of due) {
      // An earlier one of the same sweep may have disarmed it.
      if (node.wheelTick === -1) continue
      unlink(node)
      node.onDue()
    }
  }

  const schedule = () => {
    if (!closed && !cancelTimer && armed > 0) cancelTimer = clock.setTimer(turn, tickMs)
  }

  return {
    arm(node, dueMs) {
      if (node.wheelTick !== -1) unlink(node)
      const wanted = Math.max(Math.floor(dueMs / tickMs) + 1, tick + 1)
      node.wheelTick = wanted
      const bucket = wanted % BUCKETS
      const first = buckets[bucket]
      node.wheelNext = first
      node.wheelPrevious = undefined
      if (first) first.wheelPrevious = node
      buckets[bucket] = node
      armed++
      if (!cancelTimer) schedule()
    },
    disarm(node) {
      if (node.wheelTick !== -1) unlink(node)
    },
    close() {
      closed = true
      cancelTimer?.()
      cancelTimer = undefined
    },
  }
}
