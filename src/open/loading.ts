// On globalThis, since a job file may import another copy of the package than the command that loads it.
const loading = Symbol.for('redrive.loading')
const world = globalThis as { [loading]?: number }

/** Redrive loads a job file at this moment: a job file only defines. */
export function isLoading(): boolean {
  return (world[loading] ?? 0) > 0
}

/** Runs `load` as redrive's own loading of a job file. */
export async function whileLoading<Result>(load: () => Promise<Result>): Promise<Result> {
  world[loading] = (world[loading] ?? 0) + 1
  try {
    return await load()
  } finally {
    world[loading]!--
  }
}
