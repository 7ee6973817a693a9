import type { PhraseRow, RuleTable } from './rule-table.ts'

const signIn = 'Correct the credentials of the job, then resume.'
const setting = 'Set what is missing, then resume.'
const slower = 'Lower the rate or wait; the retry keeps to Retry-After.'
const correct = 'Correct the value, then retry.'

const phrases: readonly PhraseRow[] = [
  // what is wrong with a value, although it speaks of timeouts, limits and services
  {
    is: 'validation/permanent',
    id: 'must-be',
    on: 'must should cannot invalid',
    match:
      /\b(?:must|should) (?:be|not be|contain|match) (?:an? )?(?:positive|negative|non-|integer|number|string|boolean|array|object|valid|date|uuid|url|between |one of |at (?:least|most) |greater |less |>=|<=|longer |shorter |specified|empty|have at )|cannot be (?:negative|empty|null|blank|less|greater)|\bmust not be\b|invalid value for \w/,
    weight: 'refinement',
    say: correct,
  },
  {
    is: 'validation/permanent',
    id: 'invalid-value',
    on: 'invalid valid unknown unsupported supported range unescaped conversion expected unrecognized incorrect malformed allowed range cast body',
    match:
      /invalid (?:value|argument|parameter|option|input|date|url|uri|format|identifier|email|phone|connection string|connecttimeout|bodytimeout|header|request|params?|id|character in header)\b|is not (?:a )?(?:valid|supported|allowed)\b(?! json)|unknown (?:option|argument|currency|modifier|parameter)|unsupported (?:format|option|operation|feature|algorithm|encoding type)|expected (?:array|object|string|number|integer|boolean) but|connection string is (?:malformed|invalid)|incorrect (?:datetime|integer|date|string) value|: expected (?:number|string|boolean|array|object)|value for [^\n]{1,60} expected|not (?:with)?in (?:the )?(?:allowed )?range|invalid [\w ]{1,30}timeout|not supported\b|unescaped characters|invalid characters|invalid arguments?\b|conversion from|invalid literal for|\bout of range\b|malformed (?:request|body|parameter|input)|cast to \w{2,20} failed|unsupported (?:currency|country|language|type|value|media|version)/,
    weight: 'wording',
    say: correct,
  },
  {
    is: 'validation/permanent',
    id: 'field-required',
    on: 'required missing path',
    match:
      /\b(?:field|parameter|property|argument|value) ['"`]?[\w.-]{1,60}['"`]? is (?:required|missing)|\bpath `[^`]{1,80}` is required|missing required (?:field|parameter|property|argument|value|key)|required (?:field|parameter|property) /,
    weight: 'phrase',
    say: correct,
  },
  {
    is: 'validation/permanent',
    id: 'too-large',
    on: 'large larger maximum size max exceeds length long context allowed limit',
    match:
      /\btoo large\b|larger than (?:max|the maximum|\d)|(?:message|payload|request|document|body|file|upload|data) size (?:exceeds|limit)|exceeds? (?:max|the maximum|maximum)[^\n]{0,20}(?:size|length|payload)|size exceeds|context (?:length|window)|more than allowed|limit for result exceeded|exceeds (?:pixel|max payload)|maximum (?:context|allowed) /,
    weight: 'phrase',
    say: 'Make the item smaller, then retry.',
  },
  {
    is: 'validation/fatal',
    id: 'missing-setting',
    on: 'environment config configuration set variable',
    match:
      /(?:missing|required) (?:required )?environment variable|environment variable [^\n]{0,80}(?:not set|missing|required)|config(?:uration)? validation error: "[^"]{1,80}" is required|\bis not set\. please set|no configuration found|[a-z_]{2,60} is not set\b/,
    weight: 'refinement',
    say: setting,
  },
  // time
  {
    is: 'timeout/recoverable',
    id: 'pool-acquire',
    on: 'acquire acquiring selection pool',
    match:
      /timeout acquiring|acquir(?:e|ing) [^\n]{0,40}tim(?:ed out|eout)|server selection tim(?:ed out|eout)|pool [^\n]{0,30}(?:exhausted|timed out)/,
    weight: 'refinement',
    say: 'Raise the pool size or lower the concurrency.',
  },
  {
    is: 'timeout/recoverable',
    id: 'cpu-limit',
    on: 'cpu limits timelimitexceeded',
    match:
      /(?:exceeded|exceeds) (?:the )?cpu(?: time)? limit|cpu time limit|timelimitexceeded|exceeded resource limits/,
    weight: 'refinement',
  },
  {
    is: 'timeout/transient',
    id: 'timed-out',
    on: 'timed timeout timedout deadline respond timeoutexception greeting time sockettimeoutexception',
    match:
      /\btim(?:ed|e)[- ]?out\b|\btimeout\b(?! (?:must|should|is not|cannot))|deadline (?:of [^\n]{1,20} )?exceeded|did not respond|timeoutexception|greeting never received/,
    weight: 'wording',
  },
  {
    is: 'timeout/transient',
    id: 'no-response',
    on: 'response awaiting context request call task',
    match:
      /no response (?:received|within)|timeout awaiting|(?:request|context|call|task)\s(?:was )?cancell?ed|received no response|time limit (?:exceeded|reached)/,
    weight: 'wording',
  },
  // connection
  {
    is: 'network/recoverable',
    id: 'refused',
    on: 'refused connect reach connected',
    match:
      /connection (?:was )?refused|actively refused|could not connect\b|unable to connect\b|failed to connect\b|cannot connect\b|no connection (?:established|could be made)|not connected\b/,
    weight: 'phrase',
    say: 'Start the service or check its address; held items are released when it answers.',
  },
  {
    is: 'network/transient',
    id: 'reset',
    on: 'reset broken peer 10054 abort connection closed dropped eof interrupted goaway forcibly socket incompleteread incomplete',
    match:
      /connection (?:was |has been )?(?:reset|aborted|dropped|interrupted|lost|broken|closed)|reset by peer|broken pipe|\b10054\b|software caused connection abort|(?:server|remote(?: host| end)?|peer) (?:has |forcibly )?closed|forcibly closed|early eof|goaway|unexpected eof|lost connection|connection error|server socket closed|incompleteread|incomplete (?:read|response)/,
    weight: 'wording',
  },
  {
    is: 'network/transient',
    id: 'dns-again',
    on: 'temporary resolution',
    match: /temporary failure in name resolution/,
    weight: 'refinement',
  },
  {
    is: 'network/recoverable',
    id: 'dns',
    on: 'resolve resolution lookup host name unknownhostexception',
    match:
      /could not resolve|cannot resolve|name resolution failed|name or service not known|no such host|unknown ?host(?:exception)?|nodename nor servname/,
    weight: 'phrase',
    say: 'Check the host name and the DNS, then redrive.',
  },
  {
    is: 'network/recoverable',
    id: 'unreachable',
    on: 'route unreachable',
    match: /no route to host|(?:network|host) is unreachable|network unreachable|destination unreachable/,
    weight: 'phrase',
    say: 'Check the route, VPN or firewall to the host; held items are released when it answers.',
  },
  // rate
  {
    is: 'rate_limit/recoverable',
    id: 'rate',
    on: 'rate throttled throttling throttle requests calls slowdown slow quota limit ratelimit limits limited attempts exceeded reached reduce ratelimited',
    match:
      /rate[- ]?limit(?:s|ed)?\b|rate (?:is )?exceeded|throttl(?:ed|ing)|too many (?:\w+ )?(?:requests?|calls|attempts)|(?:exceeded|reached) [^\n]{0,60}(?:quota|calls per|requests per|hourly|daily|per (?:second|minute|hour|day))|quota [^\n]{0,40}(?:exceeded|exhausted|reached)|(?:hourly|daily|usage|concurrency) limit\b|slow ?down\b|reduce your request|exhausted your [^\n]{0,20}quota|over the account limit|bandwidth limit exceeded/,
    weight: 'phrase',
    say: slower,
  },
  {
    is: 'rate_limit/fatal',
    id: 'billing',
    on: 'quota credit balance billing credits',
    match:
      /insufficient_quota|check your plan and billing|credit balance is too low|exceeded your current quota|maximum credits exceed|out of credits|storage quota has been exceeded/,
    weight: 'refinement',
    say: 'Settle the account with the provider, then resume.',
  },
  // who and what
  {
    is: 'auth/recoverable',
    id: 'expired',
    on: 'expired',
    match:
      /(?:token|session|jwt|credentials?)[\w ]{0,24} (?:is |has |have )?expired|expired (?:token|session|credentials)|session expired/,
    weight: 'refinement',
    say: 'Refresh the token; the retry then succeeds.',
  },
  {
    is: 'auth/recoverable',
    id: 'clock',
    on: 'requesttimetooskewed request active signature',
    match:
      /requesttimetooskewed|request's time is too|difference between the request|signature (?:expired|not yet current)|jwt not active/,
    weight: 'refinement',
    say: 'Set the clock of this machine; the retry then succeeds.',
  },
  {
    is: 'auth/fatal',
    id: 'refresh',
    on: 'invalid_grant refresh grant',
    match: /invalid_grant|refresh token (?:is |has |was )?(?:invalid|revoked|expired)/,
    weight: 'refinement',
    say: 'Sign in again, then resume.',
  },
  {
    is: 'auth/permanent',
    id: 'webhook',
    on: 'signatures signature',
    match: /no signatures found matching|signature (?:does not|doesn't) match (?:the )?payload/,
    weight: 'refinement',
  },
  {
    is: 'auth/fatal',
    id: 'credentials',
    on: 'api credentials password username authentication login unauthorized unauthenticated secret key jwt sasl authenticate token signature authenticationfailed errorauthentication load provider',
    match:
      /(?:invalid|incorrect|wrong|bad|missing|no)(?: or missing)? (?:api[- ]?key|credentials?|password|username or password|username|login|authentication|access key|auth)|authentication (?:failed|failure|required|error)|authenticationfailed|requires authentication|login failed|failed to authenticate|could not (?:be )?authenticated?|(?:client secret|security token[\w ]{0,30}|api key|access key|token|credentials?) (?:is|are) (?:invalid|not valid|missing|wrong|incorrect)|\bunauthorized\b|\bunauthenticated\b|jwt (?:malformed|must be provided|audience invalid)|^(?:\w{1,40}: )?invalid signature$|not authenticated|must be logged in|no active credentials|could not load credentials|(?:unable to|cannot|could not) (?:locate|find) credentials|signature we calculated does not match/,
    weight: 'phrase',
    say: signIn,
  },
  {
    is: 'auth/fatal',
    id: 'account',
    on: 'account ip scope whitelisted allow suspended permission permissions privileges scopes access authorized api resource project publickey',
    match:
      /account (?:is )?(?:suspended|disabled|locked|not authorized)|\bip\b[^\n]{0,40}not (?:whitelisted|allowed)|ip allow ?list|missing (?:required )?(?:scope|permissions?)|insufficient (?:permissions?|scopes?|privileges?)|missing or insufficient permissions|access denied for user|access denied by|not authorized to perform|not authorized on|api key does not have|cannot (?:list|get|create|watch|delete|update) resource|permission denied \(publickey|has not been used in project|required '[^']{1,80}' permission|access to the [^\n]{0,40}project|not authorized to (?:perform|execute)/,
    weight: 'phrase',
    say: 'Give the account the right that it lacks, then resume.',
  },
  {
    is: 'auth/permanent',
    id: 'forbidden',
    on: 'forbidden permission allowed denied authorized access accessdenied',
    match:
      /\bforbidden\b|do(?:es)? not have permission|not allowed to (?:edit|view|access|read|write|delete|update)|permission denied|access (?:is )?denied|accessdenied\b|not authorized\b|access not granted/,
    weight: 'wording',
    say: 'Ask for access to this resource, then retry.',
  },
  // other writers
  {
    is: 'conflict/recoverable',
    id: 'version',
    on: 'version lock locked optimistic stale running conflict updated quorum progress modified currently messagelocklostexception transaction homogeneous restart etag edit concurrentmodificationexception',
    match:
      /version (?:conflict|mismatch)|stale (?:version|object)|staleobjectstate|optimistic lock|write conflict|etag (?:mismatch|does not match)|(?:modified|changed|updated) by (?:another|someone)|concurrentmodification|locked by another|lock acquisition failed|(?:is )?already running|already in progress|being (?:modified|updated|uploaded) by|currently being|object has been modified|updated or deleted by another|quorum|missing lock for|lock (?:expired|lost)|message-lock-lost|failed to acquire (?:a )?lock|lock wait/,
    weight: 'phrase',
    say: 'The retry reads the newest version again; nothing to do.',
  },
  {
    is: 'conflict/permanent',
    id: 'exists',
    on: 'exists duplicate exist use',
    match: /already exists?\b|duplicate (?:record|document|name|column|value|request)|already in use\b/,
    weight: 'phrase',
    say: 'The record is there already: discard the item, or change its key and retry.',
  },
  // the other side
  {
    is: 'dependency/recoverable',
    id: 'breaker',
    on: 'breaker circuitbreaker circuit',
    match: /(?:circuit )?breaker is open|circuit is open|circuit ?breaker [^\n]{0,60}is open/,
    weight: 'refinement',
  },
  {
    is: 'dependency/recoverable',
    id: 'service-down',
    on: 'unavailable available overloaded maintenance healthy leader capacity responding broker master primary handle loading servers',
    match:
      /(?:service|server|provider|backend|upstream|api) (?:is )?(?:temporarily |currently )?unavailable|temporarily unavailable|\boverloaded\b|down for maintenance|no healthy (?:hosts?|upstream)|broker not available|no leader for|no available servers?|no servers? available|leader not available|\bnot (?:the )?(?:master|primary|leader)\b|unable to handle the request|loading the dataset|at capacity|is not responding|no responders/,
    weight: 'phrase',
    say: 'The service recovers or needs its operator; held items are released when it answers.',
  },
  {
    is: 'memory/recoverable',
    id: 'remote-memory',
    on: 'oom fork',
    match: /\boom command not allowed|can't save in background: fork/,
    weight: 'refinement',
  },
  {
    is: 'memory/fatal',
    id: 'memory',
    on: 'memory bad_alloc allocate outofmemoryerror allocating',
    match:
      /out of memory|outofmemoryerror|bad_alloc|(?:cannot|failed to|could not) allocate|memory limit|not enough memory/,
    weight: 'wording',
    say: 'Give the process more memory or lower the concurrency, then resume.',
  },
  // the domain
  {
    is: 'business/permanent',
    id: 'cancelled',
    on: 'cancelled canceled shipped paid closed active refund eligible captured coupon',
    match:
      /cancell?ed by (?:the )?user|already (?:been )?(?:cancell?ed|shipped|paid|refunded|captured)|\baccount \S{1,40} is closed|customer \S{1,40} is not active|not eligible|coupon \S{1,40} has expired/,
    weight: 'refinement',
    say: 'The rule of the business stands: correct the item or discard it.',
  },
  {
    is: 'business/permanent',
    id: 'funds',
    on: 'funds balance stock declined credit card refund',
    match:
      /insufficient (?:funds|balance|stock)|out of stock|card (?:was |has been )?declined|card has expired|expired card|credit limit exceeded|duplicate refund/,
    weight: 'phrase',
    say: 'The rule of the business stands: correct the item or discard it.',
  },
  {
    is: 'business/permanent',
    id: 'content',
    on: 'content safety blocked policy recitation filtered',
    match: /blocked due to safety|content (?:filter|policy|management)|finish_reason: (?:safety|recitation)/,
    weight: 'phrase',
  },
  {
    is: 'business/permanent',
    id: 'mailbox',
    on: '550 mailbox recipient full',
    match:
      /\b550[ -]5\.1\.1|\b5\.1\.1\b|mailbox (?:unavailable|not found|does not exist)|recipient address rejected|user unknown|mailbox (?:is )?full/,
    weight: 'phrase',
  },
  {
    is: 'business/permanent',
    id: 'not-found',
    on: 'found exist such',
    match:
      /\bnot found\b|\bno [\w' ]{1,40} (?:was |were )?found\b|do(?:es)?(?: not|n't) exist|(?:^|: )no such \w{1,30}: /,
    weight: 'wording',
    say: 'Check that what the item names still exists; else discard it.',
  },
  // structure
  {
    is: 'schema/fatal',
    id: 'structure',
    on: 'pending migration registered supported registry workbook column database unconfigured found exist existent',
    match:
      /pending migration|schema hasn't been registered|model \S{1,60} is not registered|schema version \S{1,20} is not supported|schema registry: subject|is missing in the workbook template|unknown column '|unknown database|unconfigured table|\b(?:table|bucket|queue|topic|exchange|container|namespaces?|collection|dataset|keyspace|index)\b[^\n]{0,60}(?:not found|does not exist)|non-existent table/,
    weight: 'refinement',
    say: 'Run the missing migration, then resume.',
  },
  {
    is: 'system/fatal',
    id: 'binary',
    on: 'executable command symbol elf',
    match: /executable file not found|command not found|symbol not found|invalid elf header/,
    weight: 'phrase',
  },
  {
    is: 'system/permanent',
    id: 'recursion',
    on: 'recursion',
    match: /recursion limit|graphrecursionerror/,
    weight: 'phrase',
  },
  {
    is: 'unknown/recoverable',
    id: 'says-nothing',
    on: 'unknown something error failed failure unexpected object undefined null oops unhandled internal exception errors went',
    match:
      /^(?:\w{0,20}error: ?)?(?:an? )?(?:unknown|unexpected|internal)? ?(?:error|failure|exception)?(?: (?:has )?occurr?ed)?[.!]?$|something went wrong|^\[object object\]$/,
    weight: 'vague',
  },
]

/** What errors of any system say when they have no code: asked last. */
export const messageRules: RuleTable = { system: 'text', phrases }
