import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Each so many-th request fails although the service is well. */
const hiccupEvery = 23
/** From this request on it is down. */
const downFrom = 60
const downMs = 2_500
const latencyMs = 40

/** Starts a service on this machine's loopback that misbehaves: now and then a 503, once an outage of 2.5 s. Answers its URL. It keeps no process alive. */
export function startService(): Promise<string> {
  let requests = 0
  let wellAgainMs: number | undefined
  const statusOf = (nowMs: number): number => {
    requests++
    if (requests >= downFrom) wellAgainMs ??= nowMs + downMs
    if (wellAgainMs !== undefined && nowMs < wellAgainMs) return 503
    return requests % hiccupEvery === 0 ? 503 : 201
  }
  const server: Server = createServer((request, response) => {
    const status = statusOf(performance.now())
    request.resume()
    setTimeout(() => response.writeHead(status).end(), latencyMs)
  })
  server.unref()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`))
  })
}
