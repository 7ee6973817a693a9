import { RedriveError } from '../model/redrive-error.ts'
import type { ByteWindow } from './byte-window.ts'
import { passBlank } from './json-cutter.ts'

/** Longest name of a field that is compared with a step of the pointer: 1 MiB. */
const nameBytesMax = 1_048_576

/** Goes through a document up to the array at a pointer, value by value, holding none of them. */
export class JsonWalk {
  /** Present line, from 1. */
  line = 1
  private readonly window: ByteWindow
  private readonly name: string
  private readonly pointer: string

  constructor(window: ByteWindow, { name, pointer }: { name: string; pointer: string }) {
    this.window = window
    this.name = name
    this.pointer = pointer
  }

  /** Passes the opening bracket of the array; rejects with RD-1202 if there is none. If a name stands twice, its first value counts. */
  async toArray(steps: readonly string[]): Promise<void> {
    for (const step of steps) {
      const byte = await this.peek()
      if (byte === 123) await this.toField(step)
      else if (byte === 91) await this.toElement(step)
      else throw this.refusal(`there is ${kindOf(byte)} above it`)
    }
    const byte = await this.peek()
    if (byte === 91) return this.pass(1)
    if (byte === 123) throw this.refusal('there is an object', await this.firstArray())
    throw this.refusal(`there is ${kindOf(byte)}`)
  }

  /** The next byte that is no white space; undefined at the end. */
  private async peek(): Promise<number | undefined> {
    for (;;) {
      this.line += passBlank(this.window)
      if (this.window.length > 0) return this.window.buffer[this.window.start]
      if (this.window.ended) return undefined
      await this.window.more()
    }
  }

  /** To the value of a field of the object that begins here. */
  private async toField(step: string): Promise<void> {
    for (this.pass(1); ; this.pass(1)) {
      if ((await this.peek()) === 125) throw this.refusal(`no field is named ${JSON.stringify(step)}`)
      const isIt = (await this.fieldName()) === step
      if (isIt) return
      await this.skipValue()
      await this.expect([44, 125], 'a comma or }')
      if ((await this.peek()) === 125) throw this.refusal(`no field is named ${JSON.stringify(step)}`)
    }
  }

  /** To an element of the array that begins here. */
  private async toElement(step: string): Promise<void> {
    const index = /^(0|[1-9]\d{0,14})$/.test(step) ? Number(step) : -1
    if (index < 0) throw this.refusal(`there is an array, in which ${JSON.stringify(step)} is no index`)
    this.pass(1)
    for (let passed = 0; ; passed++) {
      if ((await this.peek()) === 93) throw this.refusal(`an array above it has ${passed} elements`)
      if (passed === index) return
      await this.skipValue()
      await this.expect([44, 93], 'a comma or ]')
      if ((await this.peek()) === 44) this.pass(1)
    }
  }

  /** Reads `"name":`. */
  private async fieldName(): Promise<string> {
    await this.expect([34], 'a name in quotes')
    const { window } = this
    let length = 1
    for (let isEscaped = false; ; length++) {
      while (length >= window.length) {
        if (window.ended || length > nameBytesMax) throw this.malformed('the end of a name')
        await window.more()
      }
      const byte = window.buffer[window.start + length]
      if (byte === 34 && !isEscaped) break
      isEscaped = byte === 92 && !isEscaped
    }
    let name: unknown
    try {
      name = JSON.parse(window.buffer.toString('utf8', window.start, window.start + length + 1))
    } catch {
      throw this.malformed('a name in quotes')
    }
    this.pass(length + 1)
    await this.expect([58], 'a colon')
    this.pass(1)
    return name as string
  }

  /** Passes a value, whatever is in it, up to the comma or bracket behind it. */
  private async skipValue(): Promise<void> {
    const { window } = this
    let depth = 0
    let inString = false
    let isEscaped = false
    for (;;) {
      const { buffer, start, end } = window
      let index = start
      for (; index < end; index++) {
        const byte = buffer[index]!
        if (byte === 10) this.line++
        if (inString) {
          if (isEscaped) isEscaped = false
          else if (byte === 92) isEscaped = true
          else if (byte === 34) inString = false
        } else if (byte === 34) inString = true
        else if (byte === 91 || byte === 123) depth++
        else if (depth > 0) depth -= byte === 93 || byte === 125 ? 1 : 0
        else if (byte === 44 || byte === 93 || byte === 125) break
      }
      window.consume(index - start)
      if (index < end) return
      if (window.ended) throw this.malformed('the rest of the document')
      await window.more()
    }
  }

  /** The first field of the object here that holds an array: the pointer that was meant, perhaps. */
  private async firstArray(): Promise<string | undefined> {
    try {
      for (this.pass(1); ; this.pass(1)) {
        const name = await this.fieldName()
        if ((await this.peek()) === 91) return name
        await this.skipValue()
        if ((await this.peek()) !== 44) return undefined
      }
    } catch {
      return undefined
    }
  }

  private async expect(bytes: readonly number[], expected: string): Promise<void> {
    const byte = await this.peek()
    if (byte === undefined || !bytes.includes(byte)) throw this.malformed(expected)
  }

  private pass(bytes: number): void {
    this.window.consume(bytes)
  }

  private refusal(found: string, meant?: string): RedriveError {
    const below =
      meant === undefined ? undefined : `${this.pointer}/${meant.replaceAll('~', '~0').replaceAll('/', '~1')}`
    return new RedriveError('RD-1202', {
      what: `${this.name} has no array at the pointer '${this.pointer}': ${found}`,
      fix:
        below === undefined
          ? "Give the pointer of the array: json(path, { pointer: '/orders' })."
          : `Give its pointer: json(path, { pointer: ${JSON.stringify(below)} }).`,
    })
  }

  private malformed(expected: string): RedriveError {
    return new RedriveError('RD-1202', {
      what: `${this.name}, line ${this.line}: ${expected} is missing`,
      why: `The document is no JSON up to its array at '${this.pointer}', so the array cannot be found.`,
    })
  }
}

function kindOf(byte: number | undefined): string {
  if (byte === undefined) return 'nothing: the document is empty or breaks off'
  if (byte === 123) return 'an object'
  if (byte === 34) return 'a string'
  if (byte === 45 || (byte >= 48 && byte <= 57)) return 'a number'
  return byte === 116 || byte === 102 || byte === 110 ? 'true, false or null' : 'no JSON'
}
