import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { dispositions, errorTypes } from '../model/classification.ts'
import { capture } from './capture.ts'
import { classifyFailure } from './classify-failure.ts'
import { instructionsFor } from './instructions.ts'

const forThrown = (thrown: unknown) => {
  const failure = capture(thrown, { stack: true })
  return instructionsFor(classifyFailure(failure), failure)
}

describe('instructions', () => {
  it('name the refused fields and the command that corrects them', () => {
    const { error } = z
      .object({ country: z.enum(['GB', 'FR']), lines: z.array(z.object({ sku: z.string() })) })
      .safeParse({ country: 'UK', lines: [{}] })
    const { instructions, userMessage } = forThrown(error)
    expect(instructions).toBe(
      [
        'Correct the fields that the schema refuses, then retry.',
        'Refused fields: country, lines.0.sku',
        '1. Correct the value: redrive quarantine edit ID --set country=VALUE',
        '2. Then: redrive quarantine retry ID',
        '3. Or give it up: redrive quarantine discard ID --reason TEXT',
      ].join('\n'),
    )
    expect(userMessage).toBe('The value of country, lines.0.sku is not accepted. Please correct it and send it again.')
  })

  it('of a fatal error end with going on', () => {
    const { instructions } = forThrown(Object.assign(new Error('x'), { code: 'ENOSPC' }))
    expect(instructions).toContain('Free disk space, then resume.')
    expect(instructions.split('\n').at(-1)).toBe('3. When the cause is gone, go on with the rest: redrive run JOB_FILE')
  })

  it('give a user a sentence of at most 200 characters with a next step, for each type and disposition', () => {
    const failure = capture(new Error('x'))
    for (const type of errorTypes) {
      for (const disposition of dispositions) {
        const verdict = { ...classifyFailure(failure), type, disposition }
        const { userMessage, instructions } = instructionsFor(verdict, failure)
        expect(userMessage.length).toBeLessThanOrEqual(200)
        expect(userMessage).toMatch(/Please|wait|tried again/)
        expect(instructions).toContain('redrive ')
      }
    }
  })

  it('show a user nothing of the error’s own text', () => {
    const secret = 'sk_live_51H8abc /srv/app/secret.ts SELECT * FROM users 10.0.0.1'
    for (const thrown of [
      new Error(secret),
      Object.assign(new Error(secret), { code: 'ENOENT', path: '/srv/app' }),
      Object.assign(new Error('x'), { issues: [{ path: [secret], message: secret }] }),
    ]) {
      const { userMessage } = forThrown(thrown)
      for (const word of secret.split(' ').concat('Error', ' at '))
        expect(userMessage.includes(word) && word.length > 1).toBe(false)
    }
  })
})
