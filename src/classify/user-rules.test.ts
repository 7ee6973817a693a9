import { describe, expect, it } from 'vitest'
import { rule } from '../model/rule.ts'
import { capture } from './capture.ts'
import { classifyFailure } from './classify-failure.ts'

const coded = (message: string, code: string, cause?: unknown) => Object.assign(new Error(message, { cause }), { code })

describe('rules of the user', () => {
  const failure = capture(new Error('order 7', { cause: coded('no more', 'OUT_OF_STOCK') }))

  it('are asked first, and see codes of causes', () => {
    const rules = [rule({ code: 'OUT_OF_STOCK' }, { type: 'business', disposition: 'permanent' })]
    expect(classifyFailure(failure, { rules })).toEqual({
      type: 'business',
      disposition: 'permanent',
      severity: 'error',
      code: 'OUT_OF_STOCK',
      confidence: 1,
      by: 'rule',
      recommended: 'Correct the item or discard it: the domain refuses it as it is.',
      why: 'your rule 1 (code OUT_OF_STOCK)',
    })
  })

  it('leave what they do not say to the next rule', () => {
    const rules = [
      rule({ name: 'Error' }, { severity: 'critical' }),
      rule({ message: /no more/ }, { recommended: 'Order more.', severity: 'info' }),
      rule({ status: 500 }, { type: 'system' }),
    ]
    const refused = capture(coded('connect ECONNREFUSED no more', 'ECONNREFUSED'))
    expect(classifyFailure(refused, { rules })).toMatchObject({
      type: 'network',
      disposition: 'recoverable',
      severity: 'critical',
      recommended: 'Order more.',
      by: 'rule',
      why: 'your rule 1 (name Error), your rule 2 (message /no more/); the rest: rule node/ECONNREFUSED: code ECONNREFUSED',
    })
  })

  it('that name a type alone get its usual disposition, not that of the fallback', () => {
    const { disposition } = classifyFailure(failure, { rules: [rule({ name: 'Error' }, { type: 'validation' })] })
    expect(disposition).toBe('permanent')
  })

  it.each<[what: string, match: Parameters<typeof rule>[0], holds: boolean]>([
    ['dependency', { dependency: 'bank' }, true],
    ['another dependency', { dependency: 'mail' }, false],
    ['stage', { stage: 'pay' }, true],
    ['another stage', { stage: 'load' }, false],
    ['text within a message', { message: 'order' }, true],
    ['text of a cause', { message: 'no more' }, true],
    ['a text that is not there', { message: 'nothing' }, false],
    ['a global pattern, twice', { message: /order/g }, true],
    ['all that is given', { code: 'OUT_OF_STOCK', message: 'nothing' }, false],
    ['when', { when: (one) => one.causes[0]?.code === 'OUT_OF_STOCK' }, true],
    ['when that says no', { when: () => false }, false],
    ['nothing given', {}, true],
  ])('match by %s', (_what, match, holds) => {
    const context = { dependency: 'bank', stage: 'pay', rules: [rule(match, { type: 'memory', disposition: 'fatal' })] }
    for (let time = 0; time < 2; time++) expect(classifyFailure(failure, context).type === 'memory').toBe(holds)
  })

  it('that throw are set aside, and the verdict says so', () => {
    const boom = rule(
      {
        when: () => {
          throw new Error('bug in rule')
        },
      },
      { type: 'memory' },
    )
    expect(classifyFailure(capture(coded('x', 'EPIPE')), { rules: [boom] })).toMatchObject({
      type: 'network',
      by: 'rule',
      why: 'rule node/EPIPE: code EPIPE; set aside: your rule 1 threw bug in rule',
    })
    expect(classifyFailure(failure, { rules: [boom] }).by).toBe('fallback')
  })

  it('that throw a Proxy or say nonsense are set aside', () => {
    const nonsense = rule({}, { type: 'bad', disposition: 'permanent' } as never)
    const hostile = rule(
      {
        when: () => {
          throw new Proxy(
            {},
            {
              get: () => {
                throw new Error()
              },
            },
          )
        },
      },
      { type: 'memory' },
    )
    const said = classifyFailure(failure, { rules: [hostile, nonsense] })
    expect(said).toMatchObject({ type: 'unknown', disposition: 'permanent', by: 'rule' })
    expect(said.why).toContain('set aside: your rule 1 threw; your rule 2: type "bad" is none')
  })
})
