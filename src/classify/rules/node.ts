import type { CodeRow, NameRow, PhraseRow, RuleTable } from './rule-table.ts'

const certificate = 'Renew or trust the certificate of the host, then redrive.'
const program = 'Fix the handler, then redrive.'

const codes: readonly CodeRow[] = [
  {
    is: 'network/transient',
    codes:
      'ECONNRESET EPIPE ENOTCONN EAI_AGAIN ERR_STREAM_PREMATURE_CLOSE ENETRESET ESHUTDOWN ERR_HTTP2_STREAM_ERROR ERR_HTTP2_SESSION_ERROR ERR_HTTP2_GOAWAY_SESSION ConnectionResetError BrokenPipeError',
  },
  // axios uses ECONNABORTED for its own timeout, which the phrase `timeout of` refines
  { is: 'network/transient', codes: 'ECONNABORTED' },
  {
    is: 'network/recoverable',
    codes: 'ECONNREFUSED ConnectionRefusedError',
    say: 'Start the service or check its address; held items are released when it answers.',
  },
  {
    is: 'network/recoverable',
    codes: 'ENOTFOUND EADDRNOTAVAIL ENODATA ESERVFAIL EREFUSED',
    say: 'Check the host name and the DNS, then redrive.',
  },
  {
    is: 'network/recoverable',
    codes: 'EHOSTUNREACH ENETUNREACH ENETDOWN EHOSTDOWN ENONET',
    say: 'Check the route, VPN or firewall to the host; held items are released when it answers.',
  },
  {
    is: 'timeout/transient',
    codes:
      'ETIMEDOUT ESOCKETTIMEDOUT ETIMEOUT RD-TIMEOUT ERR_SOCKET_CONNECTION_TIMEOUT ERR_HTTP_REQUEST_TIMEOUT SocketTimeoutException ConnectTimeoutException',
  },
  { is: 'timeout/transient', codes: 'ABORT_ERR', weight: 'genericCode' },
  {
    is: 'network/fatal',
    codes:
      'CERT_HAS_EXPIRED CERT_NOT_YET_VALID DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_ISSUER_CERT_LOCALLY CERT_UNTRUSTED CERT_REVOKED CERT_REJECTED CERT_SIGNATURE_FAILURE CERT_CHAIN_TOO_LONG HOSTNAME_MISMATCH INVALID_CA INVALID_PURPOSE ERR_TLS_CERT_ALTNAME_INVALID ERR_TLS_CERT_ALTNAME_FORMAT SEC_E_CERT_EXPIRED SEC_E_CERT_UNKNOWN SEC_E_UNTRUSTED_ROOT CERTIFICATE_VERIFY_FAILED',
    say: certificate,
  },
  {
    is: 'network/fatal',
    codes:
      'EPROTO ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION ERR_SSL_UNSUPPORTED_PROTOCOL ERR_SSL_WRONG_VERSION_NUMBER ERR_SSL_NO_PROTOCOLS_AVAILABLE ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE ERR_TLS_INVALID_PROTOCOL_VERSION',
    say: 'Align the TLS versions of both sides, then redrive.',
  },
  { is: 'timeout/transient', codes: 'ERR_TLS_HANDSHAKE_TIMEOUT' },
  {
    is: 'filesystem/permanent',
    codes: 'ENOENT',
    say: 'Put the file where the item says it is, or correct the path, then retry.',
  },
  { is: 'filesystem/permanent', codes: 'EACCES EPERM', say: 'Give the process the right to that path, then retry.' },
  {
    is: 'filesystem/permanent',
    codes:
      'EEXIST EISDIR ENOTDIR ENOTEMPTY ENAMETOOLONG EXDEV ELOOP EBADF EMLINK EFBIG ERR_FS_EISDIR ERR_FS_CP_EEXIST ERR_DIR_CLOSED',
  },
  { is: 'filesystem/fatal', codes: 'ENOSPC EDQUOT', say: 'Free disk space, then resume.' },
  { is: 'filesystem/fatal', codes: 'EROFS', say: 'Mount the file system writable, then resume.' },
  {
    is: 'filesystem/recoverable',
    codes: 'EMFILE ENFILE',
    say: 'Lower the concurrency or raise the limit of open files.',
  },
  { is: 'filesystem/recoverable', codes: 'EBUSY EIO ESTALE ETXTBSY ENXIO' },
  {
    is: 'memory/fatal',
    codes: 'ENOMEM ENOBUFS ERR_WORKER_OUT_OF_MEMORY ERR_MEMORY_ALLOCATION_FAILED',
    say: 'Give the process more memory or lower the concurrency, then resume.',
  },
  {
    is: 'memory/permanent',
    codes: 'ERR_STRING_TOO_LONG ERR_BUFFER_TOO_LARGE ERR_FS_FILE_TOO_LARGE ERR_OUT_OF_BUFFER',
    say: 'Split the item: it is larger than one string or buffer can hold.',
  },
  {
    is: 'validation/permanent',
    codes:
      'ERR_INVALID_ARG_TYPE ERR_INVALID_ARG_VALUE ERR_OUT_OF_RANGE ERR_INVALID_URL ERR_INVALID_URI ERR_UNESCAPED_CHARACTERS ERR_INVALID_PROTOCOL ERR_INVALID_CHAR ERR_SOCKET_BAD_PORT ERR_MISSING_ARGS ERR_HTTP_INVALID_HEADER_VALUE ERR_INVALID_HTTP_TOKEN ERR_HTTP_INVALID_STATUS_CODE ERR_UNKNOWN_ENCODING ERR_INVALID_OPT_VALUE ERR_INVALID_RETURN_VALUE ERR_INVALID_FILE_URL_PATH ERR_INVALID_FILE_URL_HOST ERR_INVALID_IP_ADDRESS ERR_BUFFER_OUT_OF_BOUNDS ERR_ARG_NOT_ITERABLE ERR_PARSE_ARGS_UNKNOWN_OPTION ERR_PARSE_ARGS_INVALID_OPTION_VALUE ERR_METHOD_NOT_IMPLEMENTED ERR_FEATURE_UNAVAILABLE_ON_PLATFORM EINVAL EDOM ERANGE EMSGSIZE EAFNOSUPPORT ERR_CRYPTO_INVALID_KEYLEN ERR_CRYPTO_INVALID_DIGEST ERR_FR_TOO_MANY_REDIRECTS ERR_FR_MAX_BODY_LENGTH_EXCEEDED',
  },
  {
    is: 'parsing/permanent',
    codes: 'ERR_ENCODING_INVALID_ENCODED_DATA ERR_INVALID_URI_ENCODING EILSEQ',
    say: 'Convert the text to UTF-8 or replace the item, then retry.',
  },
  {
    is: 'parsing/permanent',
    codes: 'Z_DATA_ERROR Z_BUF_ERROR Z_NEED_DICT ERR__ERROR_FORMAT_PADDING_1 ERR_BROTLI_INVALID',
    say: 'Replace the damaged archive, then retry.',
  },
  {
    is: 'system/recoverable',
    codes:
      'ERR_STREAM_WRITE_AFTER_END ERR_STREAM_DESTROYED ERR_STREAM_UNABLE_TO_PIPE ERR_STREAM_PUSH_AFTER_EOF ERR_IPC_CHANNEL_CLOSED ERR_SERVER_NOT_RUNNING ERR_SOCKET_CLOSED ERR_HTTP2_INVALID_SESSION ERR_HTTP2_INVALID_STREAM ERR_WORKER_NOT_RUNNING ERR_CLOSED_MESSAGE_PORT ERR_USE_AFTER_CLOSE ERR_SOCKET_DGRAM_NOT_RUNNING ESRCH ECHILD',
  },
  {
    is: 'system/fatal',
    codes:
      'MODULE_NOT_FOUND ERR_MODULE_NOT_FOUND ERR_DLOPEN_FAILED ERR_REQUIRE_ESM ERR_PACKAGE_PATH_NOT_EXPORTED ERR_UNKNOWN_BUILTIN_MODULE ERR_UNSUPPORTED_DIR_IMPORT ERR_UNKNOWN_FILE_EXTENSION ERR_PACKAGE_IMPORT_NOT_DEFINED ClassNotFoundException NoClassDefFoundError ModuleNotFoundError ImportError UnsatisfiedLinkError',
    say: 'Install or rebuild the missing module, then resume.',
  },
  { is: 'system/fatal', codes: 'EADDRINUSE', say: 'Free the port or choose another, then resume.' },
  {
    is: 'system/permanent',
    codes:
      'ERR_ASSERTION ERR_INTERNAL_ASSERTION ERR_HTTP_HEADERS_SENT ERR_MULTIPLE_CALLBACK ERR_UNHANDLED_ERROR ERR_ILLEGAL_CONSTRUCTOR ERR_INVALID_THIS ERR_INVALID_STATE ERR_CHILD_PROCESS_STDIO_MAXBUFFER',
    say: program,
  },
  // Chromium's names, as its drivers pass them on
  {
    is: 'network/transient',
    codes:
      'ERR_CONNECTION_RESET ERR_CONNECTION_CLOSED ERR_CONNECTION_ABORTED ERR_EMPTY_RESPONSE ERR_NETWORK_CHANGED ERR_SOCKET_NOT_CONNECTED ERR_HTTP2_PROTOCOL_ERROR ERR_INCOMPLETE_CHUNKED_ENCODING',
  },
  {
    is: 'network/recoverable',
    codes:
      'ERR_CONNECTION_REFUSED ERR_NAME_NOT_RESOLVED ERR_INTERNET_DISCONNECTED ERR_ADDRESS_UNREACHABLE ERR_PROXY_CONNECTION_FAILED ERR_TUNNEL_CONNECTION_FAILED',
  },
  { is: 'timeout/transient', codes: 'ERR_TIMED_OUT ERR_CONNECTION_TIMED_OUT' },
  {
    is: 'network/fatal',
    codes:
      'ERR_CERT_AUTHORITY_INVALID ERR_CERT_DATE_INVALID ERR_CERT_COMMON_NAME_INVALID ERR_SSL_PROTOCOL_ERROR ERR_SSL_VERSION_OR_CIPHER_MISMATCH',
    say: certificate,
  },
]

const phrases: readonly PhraseRow[] = [
  {
    is: 'system/fatal',
    id: 'spawn',
    on: 'spawn',
    match: /\bspawn \S.{0,200} (?:enoent|eacces|eperm|unknown)\b/,
    weight: 'refinement',
    say: 'Install the program that the handler starts, then resume.',
  },
  { is: 'memory/fatal', id: 'spawn-memory', on: 'spawn', match: /\bspawn enomem\b/, weight: 'refinement' },
  {
    is: 'system/fatal',
    id: 'shared-library',
    on: 'shared',
    match: /(?:error while )?loading shared librar|cannot open shared object file/,
    weight: 'refinement',
    say: 'Install the missing shared library, then resume.',
  },
  {
    is: 'filesystem/recoverable',
    id: 'held-file',
    on: 'eperm eacces',
    match: /\b(?:eperm|eacces)\b.{0,60}\b(?:rename|unlink) '(?:[a-z]:\\|[^/'\s])/,
    weight: 'refinement',
    say: 'Close the program that holds the file; the retry then succeeds.',
  },
  {
    is: 'timeout/transient',
    id: 'timeout-of',
    on: 'timeout',
    match: /\btimeout of \d+ ?ms exceeded|^timeout exceeded(?: \(|$)/,
    weight: 'refinement',
  },
  {
    is: 'network/transient',
    id: 'tls-cut',
    on: 'tls handshake ssl ssl_read',
    match:
      /before secure tls connection was established|tls connection was non-properly terminated|ssl_error_syscall|bad handshake: syscallerror|ssl syscall error: eof|unexpected eof while reading|ssl_read: connection was reset/,
    weight: 'refinement',
  },
  {
    is: 'memory/permanent',
    id: 'size-range',
    on: 'size',
    match: /value of "size" is out of range/,
    weight: 'refinement',
  },
  {
    is: 'network/transient',
    id: 'hang-up',
    on: 'socket side',
    match: /socket (?:hang|hung) up|socket has been ended by the other party|other side closed/,
  },
  { is: 'network/transient', id: 'aborted', on: 'aborted', match: /(?:^|: )aborted$/, weight: 'wording' },
  { is: 'network/transient', id: 'premature-close', on: 'premature', match: /premature (?:close|eof|end of (?!file))/ },
  {
    is: 'network/transient',
    id: 'fetch-failed',
    on: 'fetch',
    match: /\bfetch failed\b|failed to fetch\b|networkerror when attempting to fetch/,
    weight: 'wording',
  },
  {
    is: 'network/transient',
    id: 'terminated',
    on: 'terminated',
    match: /(?:^|typeerror: )terminated(?:$|\n)/,
    weight: 'wording',
  },
  {
    is: 'timeout/transient',
    id: 'abort',
    on: 'operation aborted request',
    match: /\b(?:this|the) operation was aborted|user aborted a request|request was aborted|operation was canceled/,
    weight: 'wording',
  },
  { is: 'timeout/transient', id: 'abort-timeout', on: 'aborted', match: /aborted due to timeout/ },
  {
    is: 'network/fatal',
    id: 'certificate',
    on: 'certificate cert certificates altnames pkix certification validation',
    match:
      /certificate (?:has expired|is not yet valid|verify failed|is bad|required|unknown)|self[- ]signed certificate|unable to (?:verify the first|get (?:local )?issuer) certificate|certificate of \S+ has expired|does not match certificate's altnames|certificate_verify_failed|no alternative certificate subject name|certificate signed by unknown|pkix path building|valid certification path|certificate is (?:invalid|not (?:valid|trusted))|(?:received|server) certificate has expired/,
    weight: 'refinement',
    say: certificate,
  },
  {
    is: 'network/fatal',
    id: 'tls-version',
    on: 'alert protocol',
    match: /alert (?:protocol version|handshake failure)|\bwrong version number\b|^unsupported protocol$/,
    say: 'Align the TLS versions of both sides, then redrive.',
  },
  {
    is: 'memory/fatal',
    id: 'heap',
    on: 'heap memory allocation mark allocate oomkilled exhausted',
    match:
      /heap out of memory|process out of memory|heap limit|allocation failed|memory\(\): could not allocate|js heap|unable to allocate|memory size of \d+ bytes exhausted|\boomkilled\b/,
    weight: 'refinement',
    say: 'Give the process more memory or lower the concurrency, then resume.',
  },
  {
    is: 'memory/permanent',
    id: 'recursion-depth',
    on: 'stackoverflowerror recursion',
    match: /stackoverflowerror|maximum recursion depth/,
    weight: 'refinement',
    say: 'Split or flatten the item: it is too deep or too large.',
  },
  {
    is: 'memory/permanent',
    id: 'stack',
    on: 'call string map set',
    match: /maximum call stack|invalid string length|\b(?:map|set) maximum size exceeded/,
    weight: 'refinement',
    say: 'Split or flatten the item: it is too deep or too large.',
  },
  {
    is: 'system/permanent',
    id: 'type-error',
    on: 'properties property function iterable constructor constant initialization defined circular object nonetype reference nil subscriptable undefined panicked pointer index',
    match:
      /cannot (?:read|set) propert(?:y|ies) (?:'[^']{0,60}' )?of (?:undefined|null)|\bis not a (?:function|constructor)\b|\bis not iterable\b|assignment to constant variable|cannot be invoked without 'new'|cannot access '[^']{1,80}' before initialization|^[\w$.]{1,80} is not defined$|converting circular structure|'nonetype' object|null pointer|undefined (?:method|function|constant|variable)|protected property|panicked at|object reference not set|object is not subscriptable|(?<!column )\bindex out of (?:range|bounds)/,
    say: program,
  },
  {
    is: 'system/fatal',
    id: 'module',
    on: 'module package addon shared glibc_2 libc libc6 loaded',
    match:
      /cannot find (?:module|package) |no module named|compiled against a different node|require\(\) of es module|native (?:addon|module)|glibc_\d|could not be loaded|error loading shared/,
    say: 'Install or rebuild the missing module, then resume.',
  },
  {
    is: 'system/fatal',
    id: 'address-in-use',
    on: 'address',
    match: /address already in use/,
    say: 'Free the port or choose another, then resume.',
  },
  {
    is: 'system/permanent',
    id: 'assertion',
    on: 'expected expression assertion assertionerror',
    match: /expected values to be (?:strictly|loosely)|expression evaluated to a falsy value|assertion failed/,
  },
  {
    is: 'system/recoverable',
    id: 'closed',
    on: 'write stream pool client ipc channel cursor closed target server connection session closed',
    match:
      /write after end|after a stream was destroyed|cannot use a pool after|client (?:was|is) (?:closed|destroyed)|the client is (?:closed|destroyed)|(?:ipc )?channel (?:is )?closed|server is not running|target closed|cursor is closed|already been closed|\bon a closed (?:connection|client|pool|session|socket|file)|connection is (?:already )?closed|(?:session|browser|window|socket|pool) (?:is|has been) closed/,
  },
  {
    is: 'system/recoverable',
    id: 'worker-lost',
    on: 'worker process thread child signal heartbeat stalled zombie executor terminated',
    match:
      /worker (?:stopped|process died|exited|was lost|terminated)|worker thread exited|child process exited|command failed with signal|killed by signal|terminated by signal|\bjob stalled|stalled more than|without heartbeat|zombie job|lost executor|exit code 137/,
  },
  { is: 'network/transient', id: 'gone-away', on: 'gone framing', match: /server has gone away|http\/2 framing layer/ },
  {
    is: 'system/permanent',
    id: 'command-failed',
    on: 'command process exit exited',
    match:
      /command failed(?::| with exit code| with a non)|process exited with code \d|returned a non-zero exit code|exit(?:ed)?(?: with)?(?: exit)? (?:code|status):? ?[1-9]/,
    weight: 'wording',
  },
  {
    is: 'filesystem/permanent',
    id: 'no-such-file',
    on: 'file directory path',
    match:
      /no such file or directory|cannot find the (?:file|path) specified|file (?:does not|doesn't) exist|file not found:? \S*[/\\.]/,
    weight: 'wording',
    say: 'Put the file where the item says it is, or correct the path, then retry.',
  },
  {
    is: 'filesystem/fatal',
    id: 'disk-full',
    on: 'space disk quota free',
    match:
      /no space left|not enough (?:free )?space|disk (?:is )?full|disk quota exceeded|minimum free drive|out of disk space/,
    weight: 'refinement',
    say: 'Free disk space, then resume.',
  },
  {
    is: 'filesystem/fatal',
    id: 'read-only',
    on: 'read',
    match: /read-only file ?system|is mounted read-only/,
    weight: 'refinement',
    say: 'Mount the file system writable, then resume.',
  },
  {
    is: 'filesystem/permanent',
    id: 'path',
    on: 'directory name',
    match: /is a directory\b|not a directory|(?:file ?)?name too long|directory not empty/,
    weight: 'phrase',
  },
  {
    is: 'filesystem/recoverable',
    id: 'busy',
    on: 'busy',
    match: /(?:device or )?resource busy|text file (?:is )?busy/,
    weight: 'phrase',
  },
  { is: 'filesystem/recoverable', id: 'stale-handle', on: 'stale nfs', match: /stale (?:nfs )?file handle/ },
  {
    is: 'filesystem/recoverable',
    id: 'used-by-another',
    on: 'used',
    match: /cannot access the file.{0,200}because it is being used/,
    say: 'Close the program that holds the file; the retry then succeeds.',
  },
  {
    is: 'filesystem/permanent',
    id: 'denied-path',
    on: 'permission',
    match:
      /\[errno 13\]|permission denied[:,] (?:\w{1,12} )?['"](?:\/|[a-z]:\\|\.)|\(permission denied\)|(?:^|: )(?:open|stat|mkdir|unlink|rename|chmod|read|write|remove) (?:\/|\.|[a-z]:\\)[^\n]{0,200}: permission denied/,
    weight: 'refinement',
    say: 'Give the process the right to that path, then retry.',
  },
  { is: 'filesystem/recoverable', id: 'too-many-files', on: 'files', match: /too many open files/ },
  { is: 'filesystem/recoverable', id: 'io-error', on: 'i o input', match: /\b(?:i\/o|input\/output) error\b/ },
  { is: 'filesystem/permanent', id: 'eexist', on: 'eexist', match: /\beexist\b/, weight: 'refinement' },
]

const names: readonly NameRow[] = [
  {
    is: 'system/permanent',
    names:
      'TypeError ReferenceError AssertionError EvalError KeyError AttributeError IndexError NoMethodError NullPointerException',
    say: program,
  },
  { is: 'validation/permanent', names: 'RangeError ArgumentError InvalidArgumentError' },
  { is: 'parsing/permanent', names: 'SyntaxError URIError' },
  { is: 'timeout/transient', names: 'AbortError TimeoutError' },
]

/** Node.js: errno, DNS, TLS, streams, `ERR_…`, V8's own messages. Source: Node 24's errors page and libuv's table. */
export const nodeRules: RuleTable = { system: 'node', codes, phrases, names }
