import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { classify } from './classify.ts'
import { HttpError } from './http-error.ts'

async function thrownBy(response: { ok: boolean; status: number }): Promise<HttpError> {
  const thrown: unknown = await HttpError.check(response).catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(HttpError)
  return thrown as HttpError
}
/** A Response as fetch makes it: with an address. */
function answer(body: ConstructorParameters<typeof Response>[0], init: ResponseInit, url = ''): Response {
  return Object.defineProperty(new Response(body, init), 'url', { value: url })
}

describe('HttpError.check', () => {
  it('answers an ok response, its body unread', async () => {
    const response = new Response('fine')
    expect(await HttpError.check(response)).toBe(response)
    expect(await response.text()).toBe('fine')
  })

  it('throws with status, address without query, body and Retry-After', async () => {
    const response = answer(
      '{"message":"Rate exceeded"}',
      { status: 429, statusText: 'Too Many Requests', headers: { 'retry-after': '7' } },
      'https://user:pw@api.example/orders?token=s3cret#x',
    )
    const error = await thrownBy(response)
    expect(error).toMatchObject({
      name: 'HttpError',
      status: 429,
      url: 'https://api.example/orders',
      body: '{"message":"Rate exceeded"}',
      retryAfterMs: 7_000,
    })
    expect(error.message).toBe(
      'HTTP 429 Too Many Requests from https://api.example/orders: {"message":"Rate exceeded"}',
    )
  })

  it('lets the body decide what a status means', async () => {
    const error = await thrownBy(answer('{"message":"Rate exceeded"}', { status: 400 }))
    expect(classify(error)).toMatchObject({ type: 'rate_limit', disposition: 'recoverable' })
  })

  it.each([
    [400, 'validation/permanent'],
    [401, 'auth/fatal'],
    [403, 'auth/permanent'],
    [404, 'business/permanent'],
    [408, 'timeout/transient'],
    [409, 'conflict/recoverable'],
    [412, 'conflict/recoverable'],
    [422, 'validation/permanent'],
    [425, 'dependency/transient'],
    [429, 'rate_limit/recoverable'],
    [500, 'dependency/transient'],
    [502, 'dependency/transient'],
    [503, 'dependency/recoverable'],
    [504, 'timeout/transient'],
  ])('%i without a body is %s', async (status, verdict) => {
    const { type, disposition } = classify(await thrownBy(answer(null, { status })))
    expect(`${type}/${disposition}`).toBe(verdict)
  })

  it('reads at most 2 KiB of a body and cancels the rest', async () => {
    let isCancelled = false
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(1_500).fill(97)),
      cancel: () => {
        isCancelled = true
      },
    })
    const error = await thrownBy(answer(body, { status: 500 }))
    expect(error.body).toBe('a'.repeat(2_048))
    expect(error.message.length).toBeLessThan(600)
    expect(isCancelled).toBe(true)
  })

  it('keeps what was read of a body that breaks off', async () => {
    const pieces = [new TextEncoder().encode('deadlock detected')]
    const body = new ReadableStream({
      pull: (controller) => {
        const piece = pieces.pop()
        if (piece) controller.enqueue(piece)
        else controller.error(new Error('other side closed'))
      },
    })
    expect((await thrownBy(answer(body, { status: 500 }))).body).toBe('deadlock detected')
  })

  it('shows the words of a page, not its tags', async () => {
    const page = '<!doctype html><html><style>b{color:red}</style><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>'
    expect((await thrownBy(answer(page, { status: 502 }))).message).toBe('HTTP 502: 502 Bad Gateway nginx')
  })

  it.each<[what: string, response: { ok: boolean; status: number }]>([
    ['no body', { ok: false, status: 500 }],
    [
      'a body that others read',
      (() => {
        const one = answer('x', { status: 500 })
        one.body?.getReader()
        return one
      })(),
    ],
    ['a body that is no stream', { ok: false, status: 500, body: 'text' } as never],
    [
      'getters that throw',
      {
        ok: false,
        status: 500,
        get body() {
          throw new Error('no')
        },
        get headers() {
          throw new Error('no')
        },
        get url() {
          throw new Error('no')
        },
      } as never,
    ],
  ])('throws for a response with %s', async (_what, response) => {
    expect(await thrownBy(response)).toMatchObject({ status: 500, message: 'HTTP 500' })
  })
})

describe('HttpError.check of a body that never comes', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('gives up after a second and leaves no timer', async () => {
    const response = answer(new ReadableStream({}), { status: 503 })
    const thrown = thrownBy(response)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await thrown).toMatchObject({ status: 503, message: 'HTTP 503' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('counts a Retry-After date from now', async () => {
    vi.setSystemTime(Date.UTC(2026, 0, 1))
    const error = await thrownBy(
      answer(null, { status: 503, headers: { 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' } }),
    )
    expect(error.retryAfterMs).toBe(30_000)
  })
})
