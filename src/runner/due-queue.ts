/** Waiting items by when they are due: a binary heap. */
export interface DueQueue<Value> {
  readonly size: number
  push(dueMs: number, value: Value): void
  /** When the first is due; Infinity when there is none. */
  nextMs(): number
  /** Takes the first if it is due. Equal times leave in the order they came. */
  takeDue(nowMs: number): Value | undefined
  /** All, in no order. */
  values(): Iterable<Value>
  clear(): void
}

interface Node<Value> {
  readonly dueMs: number
  readonly order: number
  readonly value: Value
}

export function createDueQueue<Value>(): DueQueue<Value> {
  const heap: Node<Value>[] = []
  let order = 0
  const before = (a: Node<Value>, b: Node<Value>) => a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order)

  const siftDown = (node: Node<Value>) => {
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (!before(heap[child]!, node)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = node
  }

  return {
    get size() {
      return heap.length
    },
    push(dueMs, value) {
      const node = { dueMs, order: order++, value }
      let at = heap.length
      heap.push(node)
      while (at > 0) {
        const parent = (at - 1) >> 1
        if (!before(node, heap[parent]!)) break
        heap[at] = heap[parent]!
        at = parent
      }
      heap[at] = node
    },
    nextMs: () => heap[0]?.dueMs ?? Number.POSITIVE_INFINITY,
    takeDue(nowMs) {
      const first = heap[0]
      if (!first || first.dueMs > nowMs) return undefined
      const last = heap.pop()!
      if (heap.length > 0) siftDown(last)
      return first.value
    },
    *values() {
      for (const node of heap) yield node.value
    },
    clear: () => {
      heap.length = 0
    },
  }
}
