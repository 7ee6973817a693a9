import type { Measured, Sample, Suite } from './suite.ts'

/**
 * Measures a suite: in each round every contestant once, one after the other (A B C A B C …), each in a process of its
 * own, so that a machine that slows down for a while slows all of them.
 */
export async function measureSuite(suite: Suite, onSample: (name: string, sample: Sample) => void): Promise<Measured> {
  const measured = new Map<string, Sample[]>(suite.contestants.map(({ name }) => [name, []]))
  for (let round = 0; round < suite.rounds; round++) {
    for (const { name, sample } of suite.contestants) {
      const taken = await sample()
      measured.get(name)!.push(taken)
      onSample(name, taken)
    }
  }
  return measured
}
