import { RedriveError } from '../model/redrive-error.ts'
import { describe } from './describe.ts'

/** The steps of an RFC 6901 pointer: `'/orders/0'` is `['orders', '0']`, `''` is `[]`. Throws RD-1101 for a text that is none. */
export function parsePointer(pointer: unknown): string[] {
  const refuse = (why: string): never => {
    throw new RedriveError('RD-1101', {
      what: `json: pointer is ${describe(pointer)}`,
      why,
      fix: "Write it like '/orders' or '/data/0/rows'; '' is the document itself.",
    })
  }
  if (typeof pointer !== 'string') return refuse('A JSON pointer (RFC 6901) is a text.')
  if (pointer === '') return []
  if (!pointer.startsWith('/')) return refuse('A JSON pointer (RFC 6901) is empty or begins with a slash.')
  if (/~(?![01])/.test(pointer))
    return refuse('In a JSON pointer (RFC 6901) ~ is written ~0, and a slash inside a name ~1.')
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}
