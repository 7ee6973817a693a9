import { resolve } from 'node:path'
import { RedriveError } from '../model/redrive-error.ts'
import { ByteWindow } from './byte-window.ts'
import type { ByteStream } from './declared-source.ts'
import { describe } from './describe.ts'
import { fileFeed } from './file-feed.ts'
import { compareFiles, type FileEvidence, fileEvidence } from './file-identity.ts'
import { isOneShot } from './pull.ts'
import { makeShape, type ShapeOptions } from './shape.ts'
import { skipBom } from './skip-bom.ts'
import type { Cursor, Identity, SourceAdapter } from './source.ts'
import { streamFeed } from './stream-feed.ts'
import { type Cutter, textReader } from './text-reader.ts'
import type { Place } from './unreadable-error.ts'

/** A text format: how its bytes are cut into entries. */
export interface TextFormat {
  /** `csv`, `jsonl`, `json`. */
  readonly kind: string
  readonly options: ShapeOptions
  /** Tells apart sources in the same file: the pointer. */
  readonly part?: string
  /** How it is read, as far as that changes the rows: the delimiter. */
  readonly reading?: string
  /** Reads what comes before the first entry: header, way to the array. */
  begin(window: ByteWindow, name: string): Promise<Cutter>
  /** Goes on at a cursor. */
  goOn(at: Place, state: unknown): Cutter
  readRaw(raw: string, state: unknown): { readonly payload: unknown } | { readonly error: Error }
}

/** A source of rows in a file, read again at will, or in a stream, read once. */
export function textSource(input: string | ByteStream, format: TextFormat): SourceAdapter {
  const { kind, options, readRaw } = format
  const common = {
    kind,
    shape: makeShape(options),
    readRaw,
    withInput: (other: string | AsyncIterable<Uint8Array | string>) => textSource(other, format),
  }
  if (typeof input === 'string' && input !== '') return { ...common, ...fileSource(input, format) }
  if (isStream(input)) return { ...common, ...streamSource(input, format) }
  throw new RedriveError('RD-1101', {
    what: `${kind}: got ${describe(input)} as input`,
    fix: `Give the path of a file, or a stream of bytes: ${kind}(process.stdin).`,
  })
}

type Origin = Pick<SourceAdapter, 'name' | 'rereadable' | 'identify' | 'compare' | 'open'>

function fileSource(given: string, format: TextFormat): Origin {
  // the working directory of now: the handler of another item may change it
  const path = resolve(given)
  const { kind, reading, part } = format
  return {
    name: given,
    rereadable: true,
    async identify(kept) {
      const keptBytes = (kept?.evidence as FileEvidence | undefined)?.sizeBytes
      const evidence = await fileEvidence(path, typeof keptBytes === 'number' ? keptBytes : undefined)
      return {
        kind,
        name: given,
        key: `${kind}:${path}${part ? `#${part}` : ''}`,
        evidence: { ...evidence, ...(reading && { reading }) },
      }
    },
    compare: (kept, now) => compareFiles(kept.evidence, now.evidence as FileEvidence),
    async open(identity, at) {
      const until = (identity.evidence as FileEvidence).sizeBytes
      const from = at?.byte ?? 0
      const window = new ByteWindow(await fileFeed({ path, from, until }), from)
      try {
        return textReader(window, await cutterAt(window, { name: given, format, at }))
      } catch (error) {
        await window.close()
        throw error
      }
    },
  }
}

function streamSource(stream: ByteStream, format: TextFormat): Origin {
  const name = (stream as { fd?: unknown }).fd === 0 ? 'standard input' : 'stream'
  let isRead = false
  return {
    name,
    rereadable: false,
    identify: async (): Promise<Identity> => ({ kind: format.kind, name }),
    compare: () => ({ same: false, differs: 'a stream is never the same again' }),
    async open(_identity, at) {
      if (at || (isRead && isOneShot(stream)))
        throw new RedriveError('RD-1205', { what: `${format.kind}(${name}) was read already` })
      isRead = true
      const window = new ByteWindow(streamFeed(stream), 0)
      // nothing is waited for before the reader is there, by which the stream can be closed
      return textReader(window, () => cutterAt(window, { name, format }))
    },
  }
}

/** The cutter at a cursor, or after what comes before the first entry. */
async function cutterAt(
  window: ByteWindow,
  { name, format, at }: { name: string; format: TextFormat; at?: Cursor | undefined },
): Promise<Cutter> {
  if (at) return format.goOn({ position: at.position, line: at.line ?? 1, byte: at.byte ?? 0 }, at.state)
  await skipBom(window, name)
  return format.begin(window, name)
}

function isStream(input: unknown): input is ByteStream {
  return (
    typeof input === 'object' &&
    input !== null &&
    (Symbol.asyncIterator in input || typeof (input as { getReader?: unknown }).getReader === 'function')
  )
}
