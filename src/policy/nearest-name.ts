/**
 * The name that was probably meant: fewest edits (swapped neighbours are one), ignoring case, `-` and `_`; undefined if
 * more than a third of the letters (at least 2, so that short names have a chance) would have to change.
 */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  const wanted = plain(given.slice(0, 64))
  let nearest: string | undefined
  let fewest = Math.max(2, Math.floor(wanted.length / 3)) + 1
  for (const name of names) {
    const edits = countEdits(wanted, plain(name))
    if (edits < fewest && edits < name.length) {
      nearest = name
      fewest = edits
    }
  }
  return nearest
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '')
}

/** Optimal string alignment distance. */
function countEdits(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const replaced = last[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1)
      let edits = Math.min(replaced, last[column]! + 1, current[column - 1]! + 1)
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (isSwap) edits = Math.min(edits, beforeLast[column - 2]! + 1)
      current.push(edits)
    }
    beforeLast = last
    last = current
  }
  return last[b.length]!
}
