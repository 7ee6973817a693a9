// What the contestants use of peers that bring no types.
declare module 'opossum' {
  export default class CircuitBreaker<Args extends unknown[]> {
    constructor(
      action: (...args: Args) => Promise<unknown>,
      options: { timeout: number; errorThresholdPercentage: number; resetTimeout: number },
    )
    fire(...args: Args): Promise<unknown>
    shutdown(): void
  }
}

declare module 'better-sqlite3' {
  // plainjob's adapter takes the real one's type, which is not installed.
  const Database: new (path: string) => any
  export default Database
}
