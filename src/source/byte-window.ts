/** Where bytes come from. */
export interface ByteFeed {
  /** Reads at least one byte into `into` from index `from` on; answers how many, 0 at the end. */
  read(into: Buffer, from: number): Promise<number>
  close(): Promise<void>
}

/** First size of the window: 256 KiB. It doubles when one row doesn't fit. */
const windowBytes = 262_144

/** The bytes at hand: `buffer[start, end)`, to be decoded and consumed in order. Nothing may keep a view of `buffer` over `more()`. */
export class ByteWindow {
  buffer: Buffer = Buffer.allocUnsafeSlow(windowBytes)
  start = 0
  end = 0
  /** No byte comes after `end`. */
  ended = false
  private startOffset: number
  private readonly feed: ByteFeed

  /** `offset`: that of the feed's first byte in the source. */
  constructor(feed: ByteFeed, offset: number) {
    this.feed = feed
    this.startOffset = offset
  }

  /** Bytes at hand. */
  get length(): number {
    return this.end - this.start
  }

  /** Offset of `buffer[start]` in the source. */
  get offset(): number {
    return this.startOffset
  }

  /** Lets go of the first bytes. */
  consume(bytes: number): void {
    this.start += bytes
    this.startOffset += bytes
  }

  /** Waits for more bytes, or for the end. */
  async more(): Promise<void> {
    if (this.ended) return
    if (this.start > 0) {
      this.buffer.copyWithin(0, this.start, this.end)
      this.end -= this.start
      this.start = 0
    }
    if (this.end === this.buffer.length) {
      const bigger = Buffer.allocUnsafeSlow(this.buffer.length * 2)
      this.buffer.copy(bigger, 0, 0, this.end)
      this.buffer = bigger
    } else if (this.end === 0 && this.buffer.length > windowBytes) {
      this.buffer = Buffer.allocUnsafeSlow(windowBytes)
    }
    const read = await this.feed.read(this.buffer, this.end)
    if (read === 0) this.ended = true
    else this.end += read
  }

  close(): Promise<void> {
    return this.feed.close()
  }
}
