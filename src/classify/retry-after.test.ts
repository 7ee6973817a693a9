import { describe, expect, it } from 'vitest'
import { capture } from './capture.ts'
import { parseRetryAfter, retryAfterOfHeaders } from './retry-after.ts'

const nowMs = Date.UTC(2026, 10, 23, 10)

describe('Retry-After', () => {
  it.each<[value: string | number, expected: number | undefined]>([
    ['0', 0],
    ['120', 120_000],
    [' 5 ', 5_000],
    ['1.5', 1_500],
    [2, 2_000],
    ['999999999', 86_400_000],
    [Number.POSITIVE_INFINITY, undefined],
    ['Mon, 23 Nov 2026 10:00:10 GMT', 10_000],
    ['Mon, 23 Nov 2026 09:00:00 GMT', 0],
    ['Fri, 31 Dec 2027 23:59:59 GMT', 86_400_000],
    ['-5', undefined],
    [-5, undefined],
    [Number.NaN, undefined],
    ['soon', undefined],
    ['', undefined],
    ['5 seconds', undefined],
  ])('%s is %s ms', (value, expected) => {
    expect(parseRetryAfter(value, nowMs)).toBe(expected)
  })

  it('counts a date from the answer’s own Date when no clock is given', () => {
    const headers = new Headers({
      'retry-after': 'Mon, 23 Nov 2026 10:01:00 GMT',
      date: 'Mon, 23 Nov 2026 10:00:00 GMT',
    })
    expect(retryAfterOfHeaders(headers, undefined)).toBe(60_000)
    expect(retryAfterOfHeaders({ 'Retry-After': 'Mon, 23 Nov 2026 10:01:00 GMT' }, undefined)).toBeUndefined()
    expect(retryAfterOfHeaders({ 'Retry-After': ['3', '4'] }, undefined)).toBe(3_000)
  })

  it('survives headers that throw', () => {
    const boom = () => {
      throw new Error('no')
    }
    expect(capture(Object.assign(new Error('x'), { headers: { get: boom } }))).not.toHaveProperty('retryAfterMs')
  })

  it('is read by capture with the clock that it is given', () => {
    const thrown = Object.assign(new Error('x'), { headers: { 'retry-after': 'Mon, 23 Nov 2026 10:00:10 GMT' } })
    expect(capture(thrown, { nowMs }).retryAfterMs).toBe(10_000)
    expect(capture(thrown)).not.toHaveProperty('retryAfterMs')
  })
})
