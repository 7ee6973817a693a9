import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Lease, Owner } from '../store/runs.ts'

/** A lease lasts so long without being renewed. */
export const LEASE_MS = 10_000
/** And is renewed so often. */
export const RENEW_MS = 2_000

/** This process as the owner of a lease: enough for another process of the same machine to tell whether it lives. */
export function thisOwner(): Owner {
  return {
    host: hostname(),
    bootId: read('/proc/sys/kernel/random/boot_id'),
    pidNamespace: link('/proc/self/ns/pid'),
    pid: process.pid,
    processStart: startOf(process.pid),
    runnerId: randomUUID(),
  }
}

/** Whether the owner of a lease is dead for certain: of this machine, its process gone, or another under its number, or the machine started anew. */
export function provablyDead(lease: Lease, me: Owner): boolean {
  const { owner } = lease
  if (owner.host !== me.host || owner.bootId === '' || me.bootId === '') return false
  if (owner.bootId !== me.bootId) return true
  if (owner.pidNamespace !== me.pidNamespace) return false
  if (owner.pid === me.pid && owner.processStart === me.processStart) return !livingRunners.has(owner.runnerId)
  if (!exists(owner.pid)) return true
  const start = startOf(owner.pid)
  return start !== '' && owner.processStart !== '' && start !== owner.processStart
}

/** Whether somebody runs the batch now. */
export function isAlive(lease: Lease | undefined, nowMs: number, me: Owner): boolean {
  return lease !== undefined && lease.expiresAtMs > nowMs && !provablyDead(lease, me)
}

/** Runners of this very process: they share its pid. */
const livingRunners = new Set<string>()
export function runnerLives(runnerId: string, lives: boolean): void {
  if (lives) livingRunners.add(runnerId)
  else livingRunners.delete(runnerId)
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  // A zombie answers, but does nothing any more.
  return statField(pid, 0) !== 'Z'
}

/** Field 22 of /proc/PID/stat, in clock ticks since the system started; empty where there is no /proc. */
function startOf(pid: number): string {
  return statField(pid, 19)
}

/** Fields of /proc/PID/stat behind the name, which may hold blanks and brackets itself: 0 is the state. */
function statField(pid: number, index: number): string {
  const text = read(`/proc/${pid}/stat`)
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[index] ?? ''
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
