import type { BatchEvent } from '../model/event.ts'

/** Events kept for a reader that is behind, at most; beyond that the oldest go, since a slow reader must not stop a batch. */
const KEPT = 10_000

/** Events of a batch for any number of readers. Each gets what happens from its first `next()` on. */
export interface EventStream {
  /** Somebody reads: an event is worth making. */
  readonly read: boolean
  emit(event: BatchEvent): void
  end(): void
  readonly events: AsyncIterable<BatchEvent>
}

interface ReaderState {
  readonly queue: BatchEvent[]
  resolve: ((result: IteratorResult<BatchEvent>) => void) | undefined
}

export function createEventStream(): EventStream {
  const readers = new Set<ReaderState>()
  let ended = false
  const finish = (): IteratorResult<BatchEvent> => ({ done: true, value: undefined })

  const iterate = (): AsyncIterator<BatchEvent> => {
    const reader: ReaderState = { queue: [], resolve: undefined }
    readers.add(reader)
    return {
      next() {
        const event = reader.queue.shift()
        if (event) return Promise.resolve({ done: false, value: event })
        if (ended) return Promise.resolve(finish())
        return new Promise((resolve) => {
          reader.resolve = resolve
        })
      },
      return() {
        readers.delete(reader)
        reader.resolve?.(finish())
        return Promise.resolve(finish())
      },
    }
  }

  return {
    get read() {
      return readers.size > 0
    },
    emit(event) {
      for (const reader of readers) {
        if (reader.resolve) {
          const { resolve } = reader
          reader.resolve = undefined
          resolve({ done: false, value: event })
          continue
        }
        if (reader.queue.length === KEPT) reader.queue.shift()
        reader.queue.push(event)
      }
    },
    end() {
      ended = true
      for (const reader of readers) reader.resolve?.(finish())
    },
    events: { [Symbol.asyncIterator]: iterate },
  }
}
