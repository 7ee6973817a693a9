import { CountBreaker, circuitBreaker, ExponentialBackoff, handleAll, retry, TimeoutStrategy, timeout } from 'cockatiel'

/** As redrive's defaults: three retries with rising delays, half of the last 100 calls failed. */
export const retryPolicy = () => retry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() })

export const breakerPolicy = () =>
  circuitBreaker(handleAll, { halfOpenAfter: 5_000, breaker: new CountBreaker({ threshold: 0.5, size: 100 }) })

/** Cooperative is the cheaper of its two kinds, and nearer to redrive's: the signal aborts, the handler ends itself. */
export const timeoutPolicy = () => timeout(10_000, TimeoutStrategy.Cooperative)
