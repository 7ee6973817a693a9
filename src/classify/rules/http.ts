import type { CodeRow, NameRow, PhraseRow, RuleTable, StatusRow } from './rule-table.ts'

const signIn = 'Correct the credentials of the job, then resume.'
const wait = 'Lower the rate or wait; the retry keeps to Retry-After.'

const statuses: readonly StatusRow[] = [
  { is: 'validation/permanent', statuses: [400, 422], weight: 'genericStatus' },
  { is: 'validation/permanent', statuses: [405, 406, 411, 413, 414, 415, 416, 417, 431, 501, 505] },
  { is: 'validation/fatal', statuses: [426], say: 'Use the protocol that the server asks for, then resume.' },
  { is: 'auth/fatal', statuses: [401], weight: 'genericStatus', say: signIn },
  { is: 'auth/fatal', statuses: [407], say: 'Correct the credentials of the proxy, then resume.' },
  {
    is: 'business/fatal',
    statuses: [402],
    weight: 'genericStatus',
    say: 'Settle the account with the provider, then resume.',
  },
  {
    is: 'auth/permanent',
    statuses: [403],
    weight: 'genericStatus',
    say: 'Ask for access to this resource, then retry.',
  },
  {
    is: 'business/permanent',
    statuses: [404, 410],
    weight: 'genericStatus',
    say: 'Check that what the item names still exists; else discard it.',
  },
  { is: 'business/permanent', statuses: [451] },
  { is: 'timeout/transient', statuses: [408, 504, 522, 524] },
  { is: 'conflict/recoverable', statuses: [409], weight: 'genericStatus' },
  { is: 'conflict/recoverable', statuses: [412, 423] },
  {
    is: 'conflict/permanent',
    statuses: [428],
    say: 'Send the version that the change is based on (If-Match), then retry.',
  },
  { is: 'network/transient', statuses: [421, 499] },
  { is: 'network/recoverable', statuses: [523, 530] },
  { is: 'dependency/permanent', statuses: [424] },
  { is: 'dependency/transient', statuses: [425] },
  { is: 'rate_limit/recoverable', statuses: [429], weight: 'genericStatus', say: wait },
  { is: 'dependency/transient', statuses: [500, 502], weight: 'genericStatus' },
  { is: 'dependency/recoverable', statuses: [503], weight: 'genericStatus' },
  { is: 'dependency/transient', statuses: [520], weight: 'genericStatus' },
  { is: 'dependency/recoverable', statuses: [521, 529] },
  { is: 'filesystem/fatal', statuses: [507], say: 'Free space on the server, then resume.' },
  { is: 'dependency/permanent', statuses: [508] },
  { is: 'validation/permanent', statuses: [506, 510] },
  { is: 'auth/fatal', statuses: [511], say: 'Sign in to the network, then resume.' },
  { is: 'network/fatal', statuses: [525, 526], say: 'Renew or trust the certificate of the host, then redrive.' },
]

const codes: readonly CodeRow[] = [
  { is: 'timeout/transient', codes: 'UND_ERR_CONNECT_TIMEOUT UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT' },
  {
    is: 'network/transient',
    codes: 'UND_ERR_SOCKET UND_ERR_RES_CONTENT_LENGTH_MISMATCH UND_ERR_INFO HPE_INVALID_EOF_STATE',
  },
  { is: 'timeout/transient', codes: 'UND_ERR_ABORTED UND_ERR_ABORT', weight: 'genericCode' },
  { is: 'system/recoverable', codes: 'UND_ERR_DESTROYED UND_ERR_CLOSED' },
  {
    is: 'validation/permanent',
    codes:
      'UND_ERR_INVALID_ARG UND_ERR_REQ_CONTENT_LENGTH_MISMATCH UND_ERR_NOT_SUPPORTED UND_ERR_RES_EXCEEDED_MAX_SIZE UND_ERR_HEADERS_OVERFLOW UND_ERR_INVALID_RETURN_VALUE HPE_HEADER_OVERFLOW',
  },
  { is: 'dependency/recoverable', codes: 'UND_ERR_BPL_MISSING_UPSTREAM' },
  {
    is: 'parsing/permanent',
    codes:
      'HPE_INVALID_CONSTANT HPE_INVALID_HEADER_TOKEN HPE_INVALID_CHUNK_SIZE HPE_INVALID_CONTENT_LENGTH HPE_INVALID_VERSION HPE_INVALID_METHOD HPE_INVALID_STATUS HPE_LF_EXPECTED HPE_CR_EXPECTED HPE_UNEXPECTED_CONTENT_LENGTH',
  },
  { is: 'network/transient', codes: 'ERR_NETWORK', weight: 'genericCode' },
  { is: 'validation/permanent', codes: 'ERR_BAD_OPTION ERR_BAD_OPTION_VALUE ERR_NOT_SUPPORT' },
  { is: 'business/permanent', codes: 'ERR_CANCELED' },
]

const phrases: readonly PhraseRow[] = [
  {
    is: 'dependency/recoverable',
    id: 'upstream',
    on: 'upstream',
    match:
      /upstream connect error|upstream (?:service )?(?:unavailable|unreachable|is down)|no healthy upstream|connecting to upstream|upstream request failed|upstream prematurely closed|response header from upstream/,
    weight: 'quoting',
  },
  { is: 'network/transient', id: 'closed-by-peer', on: 'closed', match: /closed by the peer/ },
  { is: 'timeout/transient', id: 'undici-timeout', on: 'error', match: /\b(?:connect|headers|body) timeout error/ },
  {
    is: 'network/recoverable',
    id: 'tunnel',
    on: 'tunneling proxy',
    match: /tunneling socket could not be established|proxy connection ended before receiving connect/,
  },
  {
    is: 'auth/fatal',
    id: 'tunnel-407',
    on: 'tunneling',
    match: /tunneling socket could not be established, statuscode=407/,
    weight: 'refinement',
  },
  {
    is: 'parsing/permanent',
    id: 'http-parser',
    on: 'parse protocol',
    match: /^parse error: |response does not match the http/,
  },
  {
    is: 'validation/permanent',
    id: 'content-length',
    on: 'content',
    match: /request body length does not match content-length/,
  },
  {
    is: 'network/transient',
    id: 'response-length',
    on: 'content',
    match: /response body length does not match content-length/,
  },
  {
    is: 'validation/permanent',
    id: 'response-size',
    on: 'response headers',
    match: /response content exceeded max size|headers overflow/,
  },
  {
    is: 'validation/permanent',
    id: 'bad-request',
    on: 'bad acceptable method media entity uri unprocessable payload header',
    match:
      /\bbad request\b|method not allowed|unsupported media type|unprocessable (?:entity|content)|(?:payload|content|entity) too large|uri too long|header fields too large/,
    weight: 'wording',
  },
  {
    is: 'dependency/transient',
    id: 'bad-gateway',
    on: 'gateway internal encountered',
    match: /\bbad gateway\b|internal server error|server encountered an (?:internal|unexpected)/,
    weight: 'wording',
  },
  {
    is: 'dependency/recoverable',
    id: 'unavailable',
    on: 'service server overloaded maintenance',
    match:
      /service (?:is )?(?:temporarily |currently )?unavailable|server (?:is )?(?:temporarily )?(?:unavailable|overloaded)|\boverloaded\b|down for maintenance/,
    weight: 'wording',
  },
  { is: 'timeout/transient', id: 'gateway-timeout', on: 'gateway', match: /gateway time-?out/, weight: 'wording' },
]

const names: readonly NameRow[] = [
  { is: 'network/transient', names: 'FetchError SocketError' },
  { is: 'timeout/transient', names: 'ConnectTimeoutError HeadersTimeoutError BodyTimeoutError', weight: 'status' },
]

/** HTTP statuses (RFC 9110, Cloudflare's 52x), undici's and axios' codes, the parser's `HPE_…`. */
export const httpRules: RuleTable = { system: 'http', statuses, codes, phrases, names }
