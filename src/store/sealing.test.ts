import { inspect, isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Path, parsePath } from '../model/paths.ts'
import { decodePayload, encodePayload } from '../model/payload-codec.ts'
import { isSealed } from '../model/sealed.ts'
import { type Keyring, parseKeyring } from './keyring.ts'
import { hasSealed, open, openPaths, SealError, seal, sealPaths } from './sealing.ts'

const keyText = (fill: number) => Buffer.alloc(32, fill).toString('base64')

function keyring(text: string): Keyring {
  const parsed = parseKeyring(text)
  if (!parsed.ok) throw new Error(parsed.why)
  return parsed.keyring
}

const paths = (...texts: string[]): Path[] =>
  texts.map((text) => {
    const parsed = parsePath(text)
    if (!parsed.ok) throw new Error(parsed.why)
    return parsed.path
  })

function failure(act: () => unknown): SealError {
  try {
    act()
  } catch (thrown) {
    if (thrown instanceof SealError) return thrown
    throw thrown
  }
  throw new Error('did not fail')
}

const one = keyring(`k1:${keyText(1)}`)
const two = keyring(`k2:${keyText(2)},k1:${keyText(1)}`)

describe('parseKeyring', () => {
  it('takes the first key for writing and all for reading', () => {
    expect(two.writes).toBe('k2')
    expect([...two.keys.keys()]).toEqual(['k2', 'k1'])
  })

  it('takes spaces around entries, base64url, a missing padding, a comma at the end', () => {
    const text = ` a:${Buffer.alloc(32, 251).toString('base64url')} , b:${keyText(3)},`
    expect([...keyring(text).keys.keys()]).toEqual(['a', 'b'])
  })

  it.each([
    ['', /entry 1 of 1 is empty/],
    [`k1:${keyText(1)},,k2:${keyText(2)}`, /entry 2 of 3 is empty/],
    [keyText(1), /entry 1 of 1 has no ':' between id and key/],
    [`${keyText(1)}:k1`, /entry 1 of 1 has an id that is not/],
    [`:${keyText(1)}`, /has an id that is not/],
    [`k1:${keyText(1)},k1:${keyText(2)}`, /entry 2 of 2 has the id 'k1' of an earlier entry/],
    ['k1:not base64!', /entry 1 of 1 \(id 'k1'\) has a key that is not base64/],
    [`k1:${Buffer.alloc(24, 7).toString('base64')}`, /\(id 'k1'\) has a key of 24 bytes; 32 are needed/],
    ['k1:', /has a key of 0 bytes/],
  ])('says what is wrong with %#', (text, why) => {
    const parsed = parseKeyring(text)
    expect(parsed).toEqual({ ok: false, why: expect.stringMatching(why) })
    expect(JSON.stringify(parsed)).toMatch(/Write ID:KEY|Give each key/)
  })

  it('never echoes key material, not even when the parts are swapped or the keyring is inspected', () => {
    for (const text of [
      keyText(9),
      `${keyText(9)}:k`,
      `k:${keyText(9)}x!`,
      `k:${keyText(9)},k:${keyText(9)}`,
      `a ${keyText(9)}:b`,
    ]) {
      const parsed = parseKeyring(text)
      expect(parsed.ok).toBe(false)
      expect(JSON.stringify(parsed)).not.toContain(keyText(9).slice(0, 8))
    }
    expect(inspect(one, { depth: 9 })).not.toContain(keyText(1).slice(0, 8))
    expect(JSON.stringify([...one.keys])).not.toContain(keyText(1).slice(0, 8))
  })
})

describe('seal and open', () => {
  it('gives any text back, and never the same record twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, context) => {
        const record = seal(one, text, context)
        expect(record).toMatch(/^1:k1:[A-Za-z0-9_-]+$/)
        expect(seal(one, text, context)).not.toBe(record)
        expect(open(two, record, context)).toBe(text)
      }),
      { seed: 15, numRuns: 200 },
    )
    expect(open(one, seal(one, 'lone \ud800', 'c'), 'c')).toBe('lone \ud800')
  })

  it('names the key that is missing', () => {
    const record = seal(two, 'x', 'c')
    const { reason, keyId, message } = failure(() => open(one, record, 'c'))
    expect({ reason, keyId }).toEqual({ reason: 'unknown-key', keyId: 'k2' })
    expect(message).toContain("key 'k2', which REDRIVE_KEYS lacks. Add it behind the key that writes.")
  })

  it('finds every change, a move to another context, and another key of the same id', () => {
    const record = seal(one, 'x', 'b_1:17:card.number')
    const bytes = Buffer.from(record.slice(5), 'base64url')
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes)
      changed[i]! ^= 1
      expect(failure(() => open(one, `1:k1:${changed.toString('base64url')}`, 'b_1:17:card.number')).reason).toBe(
        'tampered',
      )
    }
    expect(failure(() => open(one, record, 'b_1:18:card.number')).reason).toBe('tampered')
    expect(failure(() => open(keyring(`k1:${keyText(5)}`), record, 'b_1:17:card.number')).message).toMatch(
      /changed or moved, or REDRIVE_KEYS holds another key/,
    )
    expect(failure(() => open(two, record.replace(':k1:', ':k2:'), 'b_1:17:card.number')).reason).toBe('tampered')
  })

  it.each(['', 'x', '1:k1:', '1:k1:AAAA', '2:k1:AAAA', '1:k1:@@@@', `1:k1:${'A'.repeat(30)}`])(
    'tells that %j is no record',
    (text) => {
      expect(failure(() => open(one, text, 'c')).reason).toBe('malformed')
    },
  )
})

describe('sealPaths and openPaths', () => {
  const order = {
    id: 'o1',
    card: { number: '4111111111111111', seen: new Date(0) },
    lines: [{ sku: 'alpha', n: 12n }, { n: 1n }],
    mine: { $sealed: 'x' },
  }
  const secret = paths('card.number', 'lines.*.sku', 'card.seen')

  it('leave no secret in clear in the text, and the rest readable', () => {
    const encoded = encodePayload(sealPaths(order, secret, one, 'b_1:17'))
    const text = encoded.ok ? encoded.text : ''
    expect(text).not.toMatch(/4111|alpha|1970/)
    expect(JSON.parse(text)).toMatchObject({
      id: 'o1',
      card: { number: { $sealed: expect.stringMatching(/^1:k1:/) } },
      lines: [{ n: { $bigint: '12' } }, { n: { $bigint: '1' } }],
    })
    expect(openPaths(decodePayload(text), one, 'b_1:17')).toEqual(order)
  })

  it('bind each value to its item and place', () => {
    const sealed = sealPaths(order, secret, one, 'b_1:17') as typeof order
    expect(failure(() => openPaths(sealed, one, 'b_1:18')).reason).toBe('tampered')
    const moved = { ...sealed, note: sealed.card.number }
    expect(failure(() => openPaths(moved, one, 'b_1:17')).message).toContain('b_1:17:note')
  })

  it('keep user data of the same shape as it is, also at a secret path', () => {
    const forged = { $sealed: seal(one, '"stolen"', 'b_1:17:a') }
    const value = { a: forged, b: { $sealed: 'x' }, c: [{ $sealed: 1 }, { $plain: { $sealed: 'y' } }] }
    const encoded = encodePayload(sealPaths(value, paths('b'), one, 'b_1:17'))
    const back = decodePayload(encoded.ok ? encoded.text : '')
    expect(openPaths(back, one, 'b_1:17')).toEqual(value)
    expect(isSealed((back as typeof value).a)).toBe(false)
    expect(isSealed((back as typeof value).b)).toBe(true)
  })

  it('seal an outer value once, whatever the order of the paths, and nothing twice', () => {
    for (const texts of [
      ['card.number', 'card'],
      ['card', 'card.number'],
      ['card', 'card.*', '*'],
      ['*', 'card'],
    ]) {
      const sealed = sealPaths(order, paths(...texts), one, 'c')
      expect(isSealed((sealed as typeof order).card)).toBe(true)
      expect(sealPaths(sealed, paths(...texts), one, 'c')).toBe(sealed)
      expect(openPaths(sealed, one, 'c')).toEqual(order)
    }
  })

  it('answer the same reference when there is nothing to do', () => {
    expect(sealPaths(order, paths('nope'), one, 'c')).toBe(order)
    expect(openPaths(order, one, 'c')).toBe(order)
    expect(hasSealed(order)).toBe(false)
    expect(hasSealed(sealPaths(order, secret, one, 'c'))).toBe(true)
  })

  it('say which secret value does not fit', () => {
    expect(failure(() => sealPaths({ card: { f: () => 1 } }, paths('card'), one, 'c')).message).toBe(
      "The secret field 'card' can't be kept: at f: a function",
    )
  })

  it('give any payload back through the store', () => {
    const name = fc.constantFrom('a', 'b', '$sealed', '$plain', 'a.b')
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.bigInt(),
        fc.date(),
        fc.constant(null),
        fc.constant(undefined),
        fc.array(tie('value')),
        fc.dictionary(name, tie('value'), { noNullPrototype: true }),
      ),
    }))
    const any = fc.array(fc.constantFrom('a', 'a.b', 'a.*', '*', 'b.*.a', '$sealed', '$plain.$sealed'), {
      maxLength: 3,
    })
    fc.assert(
      fc.property(value, any, (payload, texts) => {
        const encoded = encodePayload(sealPaths(payload, paths(...texts), two, 'b_1:1'))
        const back = openPaths(decodePayload(encoded.ok ? encoded.text : ''), two, 'b_1:1')
        expect(isDeepStrictEqual(back, payload)).toBe(true)
      }),
      { seed: 16, numRuns: 500 },
    )
  })
})
