// An HTTP service on loopback that misbehaves. `node examples/orders/service.ts --calm` starts one that does not.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { createFaults, type Fault } from './faults.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4781' },
    seed: { type: 'string', default: '7' },
    calm: { type: 'boolean', default: false },
    /** The outage begins with this request. */
    'outage-at': { type: 'string', default: '8000' },
    'outage-ms': { type: 'string', default: '10000' },
  },
})

/** Requests after the outage that go well, so that how long a run takes does not hang on the dice of its probes. */
const FRESH = 20

/** By order id: how often it was really accepted. More than once would be a parcel too many. */
const accepted = new Map<string, number>()
const seenKeys = new Map<string, number>()
const keysDone = new Set<string>()
const faults = createFaults(Number(values.seed))
const counts = {
  requests: 0,
  replayed: 0,
  refusedInOutage: 0,
  faults: { reset: 0, 'lost answer': 0, 'status 500': 0, 'status 429': 0 },
}
const outage = {
  at: values.calm ? Number.POSITIVE_INFINITY : Number(values['outage-at']),
  ms: Number(values['outage-ms']),
  on: false,
  begun: false,
  answeredSince: 0,
}

const server = createServer((request, response) => {
  if (request.method === 'GET' && request.url === '/stats') return answer(response, 200, stats())
  if (request.method !== 'POST' || request.url !== '/orders') return answer(response, 404, { error: 'not found' })
  readBody(request).then(
    (body) => take(request, response, body),
    () => response.destroy(),
  )
})
server.keepAliveTimeout = 60_000

async function take(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
  counts.requests++
  if (counts.requests >= outage.at && !outage.begun) beginOutage()
  if (outage.on) {
    counts.refusedInOutage++
    return answer(response, 503, { error: 'service unavailable' })
  }
  const key = String(request.headers['idempotency-key'])
  const seen = (seenKeys.get(key) ?? 0) + 1
  seenKeys.set(key, seen)
  const { fault, latencyMs } = faults(key, seen)
  await new Promise((resolve) => setTimeout(resolve, latencyMs))
  const isFresh = outage.begun && !outage.on && outage.answeredSince++ < FRESH
  misbehave(values.calm || isFresh ? undefined : fault, { response, accept: () => accept(key, body) })
}

function misbehave(
  fault: Fault | undefined,
  { response, accept }: { response: ServerResponse; accept: () => void },
): void {
  if (fault) counts.faults[fault]++
  if (fault === 'lost answer') accept()
  if (fault === 'reset' || fault === 'lost answer') response.socket?.resetAndDestroy()
  else if (fault === 'status 500') answer(response, 500, { error: 'internal error' })
  else if (fault === 'status 429') answer(response.setHeader('retry-after', '1'), 429, { error: 'too many requests' })
  else {
    accept()
    response.writeHead(204).end()
  }
}

/** The same idempotency key never has a second effect. */
function accept(key: string, body: string): void {
  if (keysDone.has(key)) {
    counts.replayed++
    return
  }
  const { id } = JSON.parse(body) as { id: string }
  keysDone.add(key)
  accepted.set(id, (accepted.get(id) ?? 0) + 1)
}

/** A fifth of it the service still answers, with 503; then it is gone: nobody listens, and every connection breaks. */
function beginOutage(): void {
  outage.begun = true
  outage.on = true
  const { port } = server.address() as AddressInfo
  setTimeout(() => {
    server.close()
    server.closeAllConnections()
  }, outage.ms / 5)
  setTimeout(() => {
    outage.on = false
    server.listen(port, '127.0.0.1')
  }, outage.ms)
}

function stats() {
  return { ...counts, accepted: Object.fromEntries(accepted) }
}

function answer(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body)
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text)
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  return body
}

server.listen(Number(values.port), '127.0.0.1', () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  // Started by a program it tells that program, and ends with it.
  process.send?.({ url })
  process.once('disconnect', () => process.exit())
  if (process.send) process.on('SIGINT', () => {})
  if (!process.send) console.log(`orders are taken at ${url}/orders; what was accepted: ${url}/stats; end with Ctrl-C`)
})
