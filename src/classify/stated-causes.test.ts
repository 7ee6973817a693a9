import { describe, expect, it } from 'vitest'
import { statedCauses } from './stated-causes.ts'
import { cpuMs } from './testing/cpu-ms.ts'

describe('causes that a message states', () => {
  it.each<[message: string, causes: readonly string[]]>([
    ['Upstream call failed, caused by: read ECONNRESET', ['read ECONNRESET']],
    ['tunneling socket could not be established, cause=connect ECONNREFUSED', ['connect ECONNREFUSED']],
    ['request to a failed, reason: getaddrinfo ENOTFOUND a', ['getaddrinfo ENOTFOUND a']],
    ['x; nested exception is org.Stale: y', ['org.Stale: y']],
    ['a, caused by: b, caused by: c', ['c', 'b, caused by: c']],
    ['failed\n  [cause]: Error: inner', ['Error: inner']],
    ['because of this', []],
    ['caused by: ', []],
    ['', []],
  ])('of %j are %j, the last first', (message, causes) => {
    expect(statedCauses(message).map((cause) => cause.text)).toEqual(causes)
  })

  it('have their class when they name it', () => {
    expect(statedCauses('x caused by: SyntaxError: bad').map((cause) => cause.name)).toEqual(['SyntaxError'])
  })

  it('are at most 4, and found in linear time', () => {
    expect(statedCauses('caused by: x '.repeat(1_000))).toHaveLength(4)
    for (const bad of ['caused by: x ', '\n', 'cause', ' '])
      expect(cpuMs(() => statedCauses(bad.repeat(100_000)))).toBeLessThan(5)
  })
})
