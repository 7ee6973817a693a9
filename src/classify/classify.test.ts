import { describe, expect, it } from 'vitest'
import { rule } from '../model/rule.ts'
import { classify, classifyRecord, failureOfRecord } from './classify.ts'

describe('classify', () => {
  it('answers all that a verdict has', () => {
    expect(classify(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))).toEqual({
      type: 'network',
      disposition: 'transient',
      severity: 'warning',
      code: 'EPIPE',
      confidence: 0.99,
      recommended: 'Nothing to do: the retry is likely to succeed.',
      by: 'rule',
      why: 'rule node/EPIPE: code EPIPE',
    })
  })

  it('asks the rules that it is given', () => {
    expect(classify('x', { rules: [rule({ message: 'x' }, { type: 'business' })] }).type).toBe('business')
  })
})

describe('a record of an error', () => {
  it('takes null and empty as absent', () => {
    const record = { name: null, code: null, status: null, message: null, source: null }
    expect(failureOfRecord(record)).toEqual({
      name: 'Error',
      message: '',
      causes: [],
      fingerprint: expect.stringMatching(/^v1:/),
    })
    expect(classifyRecord(record)).toEqual(classifyRecord({}))
    expect(classifyRecord({ code: '', message: '' }).by).toBe('fallback')
  })

  it('takes a number as the code', () => {
    expect(classifyRecord({ code: 404 }).type).toBe('business')
  })

  it('of a huge message is read to its end', () => {
    expect(classifyRecord({ message: `${'x '.repeat(500_000)}: connect ECONNREFUSED 10.0.0.1:1` }).type).toBe('network')
  })

  it('of what is no text or number is an error without that field', () => {
    expect(classifyRecord({ message: 7, code: {}, status: 'x', name: [] } as never).type).toBe('unknown')
  })

  it('asks the rules that it is given', () => {
    expect(
      classifyRecord({ code: 'X' }, { rules: [rule({ code: 'X' }, { type: 'auth', disposition: 'fatal' })] }),
    ).toMatchObject({ type: 'auth', confidence: 1 })
  })
})
