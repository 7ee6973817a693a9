/** Processor time of this thread in milliseconds that `act` takes, the least of three runs: other work on the machine doesn't count. */
export function cpuMs(act: () => unknown): number {
  const runs = Array.from({ length: 3 }, () => {
    const before = process.threadCpuUsage()
    act()
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1_000
  })
  return Math.min(...runs)
}
