import type { CodeRow, NameRow, RuleTable } from './rule-table.ts'

const signIn = 'Correct the credentials of the job, then resume.'
const slower = 'Lower the rate or wait; the retry keeps to Retry-After.'
const correct = 'Correct the value, then retry.'

/** Names that several systems give as codes, or write into their messages. */
const codes: readonly CodeRow[] = [
  {
    is: 'rate_limit/recoverable',
    codes:
      'RESOURCE_EXHAUSTED ThrottlingException Throttling TooManyRequestsException RequestLimitExceeded SlowDown ProvisionedThroughputExceededException rate_limit_exceeded rate_limited ratelimited rate_limit_error',
    weight: 'genericCode',
    say: slower,
  },
  { is: 'rate_limit/fatal', codes: 'insufficient_quota', say: 'Settle the account with the provider, then resume.' },
  {
    is: 'dependency/recoverable',
    codes: 'UNAVAILABLE ServiceUnavailable overloaded_error EOPENBREAKER',
    weight: 'genericCode',
  },
  { is: 'dependency/transient', codes: 'INTERNAL InternalError InternalServerError', weight: 'vague' },
  {
    is: 'timeout/transient',
    codes: 'DEADLINE_EXCEEDED TIMEOUT RequestTimeout TimeoutException',
    weight: 'genericCode',
  },
  {
    is: 'auth/fatal',
    codes:
      'UNAUTHENTICATED PERMISSION_DENIED InvalidAccessKeyId SignatureDoesNotMatch AuthFailure invalid_api_key invalid_grant invalid_client missing_scope invalid_scope UnrecognizedClientException AccessDeniedException',
    weight: 'genericCode',
    say: signIn,
  },
  {
    is: 'auth/recoverable',
    codes: 'ExpiredToken ExpiredTokenException TokenExpired RequestTimeTooSkewed INVALID_SESSION_ID',
    weight: 'genericCode',
  },
  {
    is: 'validation/permanent',
    codes:
      'INVALID_ARGUMENT OUT_OF_RANGE FAILED_PRECONDITION UNIMPLEMENTED ValidationException context_length_exceeded invalid_request_error',
    weight: 'genericCode',
    say: correct,
  },
  {
    is: 'business/fatal',
    codes: 'model_not_found',
    weight: 'genericCode',
    say: 'Name a model that the account may use, then resume.',
  },
  { is: 'schema/fatal', codes: 'NoSuchBucket', weight: 'genericCode' },
  { is: 'auth/permanent', codes: 'AccessDenied', weight: 'genericCode' },
  { is: 'conflict/permanent', codes: 'UniqueViolation NotUniqueError', weight: 'genericCode' },
  {
    is: 'business/permanent',
    codes: 'NOT_FOUND ResourceNotFoundException NoSuchKey channel_not_found card_declined insufficient_funds P2025',
    weight: 'genericCode',
  },
  { is: 'conflict/permanent', codes: 'ALREADY_EXISTS alreadyExists', weight: 'genericCode' },
  { is: 'conflict/recoverable', codes: 'ABORTED', weight: 'genericCode' },
  { is: 'parsing/permanent', codes: 'DATA_LOSS', weight: 'genericCode' },
]

const names: readonly NameRow[] = [
  { is: 'auth/recoverable', names: 'TokenExpiredError NotBeforeError', weight: 'status' },
  {
    is: 'auth/fatal',
    names: 'JsonWebTokenError AuthenticationError UnauthorizedError AccessDeniedError',
    weight: 'status',
    say: signIn,
  },
  {
    is: 'rate_limit/recoverable',
    names: 'RateLimitError ThrottlingException TooManyRequestsError',
    weight: 'status',
    say: slower,
  },
  { is: 'conflict/recoverable', names: 'ConflictError OptimisticLockError VersionConflictError' },
  { is: 'business/permanent', names: 'BusinessError DomainError NotFoundError' },
  { is: 'dependency/recoverable', names: 'ServiceUnavailableError BrokenCircuitError', weight: 'status' },
  { is: 'timeout/recoverable', names: 'KnexTimeoutError', weight: 'status' },
  { is: 'network/recoverable', names: 'ConnectionError NetworkError' },
]

/** Codes and class names that many systems share, or write into their messages. */
export const commonNameRules: RuleTable = { system: 'name', codes, names }
