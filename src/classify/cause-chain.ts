import { readDataField, readField } from './read-field.ts'

const headMax = 8
const tailMax = 8
/** From here on no getter is run. */
const careful = 64
/** Links walked at most. */
const linksMax = 32_768

/** Fields that hold what an error wraps, by habit of the field's libraries; `cause` is the language's own. */
const wrapped = ['originalError', 'original', 'parent', 'innerError'] as const

/**
 * What a thrown value wraps, from the outermost cause to the innermost: the outer 8 and the innermost 8. Reads each field once.
 * Beyond 64 links only plain data is followed: a chain that getters make up as they are read has no end.
 */
export function causeChain(thrown: unknown): { causes: readonly unknown[]; isCut: boolean } {
  let cause = nextCause(thrown)
  if (cause === undefined) return { causes: [], isCut: false }
  const seen = new Set<unknown>([thrown])
  const causes: unknown[] = []
  while (cause !== undefined && !seen.has(cause)) {
    if (typeof cause === 'object' || typeof cause === 'function') seen.add(cause)
    causes.push(cause)
    if (causes.length === careful) return walkOn(causes)
    cause = nextCause(cause)
  }
  return keepEnds(causes, { isCut: cause !== undefined })
}

/** The rest of a long chain. Cycles by Brent's teleporting turtle: a set of 20,000 links takes longer than capture may. */
function walkOn(causes: unknown[]): { causes: readonly unknown[]; isCut: boolean } {
  const ring = causes.slice(-tailMax)
  let turtle: unknown
  let power = 1
  let link = causes.at(-1)
  let links = 0
  for (; links < linksMax; links++) {
    const next = readDataField(link, 'cause')
    if (next === undefined || next === null || next === turtle) break
    ring[links % tailMax] = next
    if (links === power) {
      turtle = next
      power *= 2
    }
    link = next
  }
  const at = links % tailMax
  return keepEnds([...causes.slice(0, headMax), ...ring.slice(at), ...ring.slice(0, at)], { isCut: true })
}

function keepEnds(
  causes: readonly unknown[],
  { isCut }: { isCut: boolean },
): { causes: readonly unknown[]; isCut: boolean } {
  if (causes.length <= headMax + tailMax) return { causes, isCut }
  return { causes: [...causes.slice(0, headMax), ...causes.slice(-tailMax)], isCut: true }
}

function nextCause(link: unknown): unknown {
  if (link === null || (typeof link !== 'object' && typeof link !== 'function')) return undefined
  const cause = readField(link, 'cause')
  if (cause !== undefined && cause !== null) return cause
  if (!Error.isError(link)) return undefined
  const member = firstError(readDataField(link, 'errors'))
  if (member !== undefined) return member
  for (const field of wrapped) {
    const inner = readDataField(link, field)
    if (Error.isError(inner)) return inner
  }
  return undefined
}

/** An AggregateError stands for its first member that is an error: the others mostly say the same. */
function firstError(members: unknown): unknown {
  try {
    if (!Array.isArray(members)) return undefined
    return members.slice(0, 64).find((member: unknown) => Error.isError(member))
  } catch {
    return undefined
  }
}
