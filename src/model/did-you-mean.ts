/**
 * The candidate most like a mistyped name; undefined if none is near. Near is at most a third of the name's length in
 * edits (at least 1, at most 3); letters' case does not count. Ties go to the earlier candidate.
 * Optimal string alignment: insert, delete, replace, swap neighbours (Damerau 1964). Names are cut to 64 characters.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.slice(0, 64).toLowerCase()
  const allowed = Math.min(3, Math.max(1, Math.floor(wanted.length / 3)))
  let best: string | undefined
  let bestEdits = allowed + 1
  for (const candidate of candidates) {
    const edits = editDistance(wanted, candidate.slice(0, 64).toLowerCase(), bestEdits)
    if (edits < bestEdits) {
      best = candidate
      bestEdits = edits
    }
  }
  return best ?? continuation(wanted, candidates)
}

/** `quar` means `quarantine`: the only candidate that goes on as the name begins. */
function continuation(wanted: string, candidates: Iterable<string>): string | undefined {
  if (wanted.length < 3) return undefined
  const found = [...candidates].filter((candidate) => candidate.toLowerCase().startsWith(wanted))
  return found.length === 1 ? found[0] : undefined
}

/** Edits between two words; `limit` when they are that many or more. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let edits = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, beforeLast[j - 2]! + 1)
      row.push(edits)
    }
    beforeLast = last
    last = row
  }
  return Math.min(limit, last[b.length]!)
}
