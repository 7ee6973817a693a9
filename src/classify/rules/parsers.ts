import type { CodeRow, NameRow, PhraseRow, RuleTable } from './rule-table.ts'

const repair = 'Repair the text of the item, then retry.'
const replace = 'Replace the damaged file, then retry.'

const codes: readonly CodeRow[] = [
  {
    is: 'parsing/permanent',
    codes:
      'CSV_QUOTE_NOT_CLOSED CSV_INVALID_CLOSING_QUOTE CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE CSV_RECORD_INCONSISTENT_COLUMNS CSV_RECORD_INCONSISTENT_FIELDS_LENGTH CSV_MAX_RECORD_SIZE CSV_UNKNOWN_ERROR INVALID_OPENING_QUOTE TooFewFields TooManyFields MissingQuotes InvalidQuotes UndetectableDelimiter BAD_INDENT DUPLICATE_KEY IMPOSSIBLE MULTILINE_IMPLICIT_KEY TAB_AS_INDENT UNEXPECTED_TOKEN BLOCK_IN_FLOW MISSING_CHAR TAR_BAD_ARCHIVE ERR_INVALID_BASE64',
    say: repair,
  },
]

// A parser quotes the document, whose words mean nothing: these beat every other wording.
const phrases: readonly PhraseRow[] = [
  {
    is: 'parsing/recoverable',
    id: 'json-html',
    on: 'token',
    match: /unexpected token '?<'?,? (?:"\s{0,20}<|in json at position 0\b)/,
    weight: 'quoting',
    say: 'A page came instead of JSON: check the address, the proxy or the sign-in; the retry waits.',
  },
  {
    is: 'parsing/permanent',
    id: 'json',
    on: 'json',
    match:
      /is not valid json|in json at position|end of json input|invalid json|failed to parse json|malformed json|not a valid json|json\.parse:|jsonobject text must|failed to parse [^\n]{0,80}\.json/,
    weight: 'quoting',
    say: repair,
  },
  {
    is: 'parsing/permanent',
    id: 'json-python',
    on: 'expecting',
    match: /expecting (?:value|property name[^\n]{0,40}|',' delimiter|':' delimiter): line \d/,
    weight: 'quoting',
    say: repair,
  },
  {
    is: 'parsing/permanent',
    id: 'encoding',
    on: 'encoding encoded utf codec unicode decoded uri character',
    match:
      /was not valid for encoding|malformed utf-?8|codec can't decode|invalid utf-?8|unsupported encoding|is not correctly encoded|uri malformed|unicodedecodeerror|in the given encoding|invalid (?:byte|unicode)/,
    weight: 'refinement',
    say: 'Convert the text to UTF-8 or replace the item, then retry.',
  },
  {
    is: 'parsing/permanent',
    id: 'base64',
    on: 'base64',
    match: /(?:invalid|not valid|malformed|bad|illegal) (?:character in )?base-?64/,
    say: repair,
  },
  {
    is: 'parsing/permanent',
    id: 'csv',
    on: 'quote quoted fields delimiting field header row',
    match:
      /quote not closed|quoted field unterminated|trailing quote on quoted field|too (?:few|many) fields: expected|auto-detect delimiting|invalid (?:opening|closing) quote|has a malformed header|invalid record length/,
    weight: 'refinement',
    say: 'Repair the row, then retry.',
  },
  {
    is: 'parsing/permanent',
    id: 'xml',
    on: 'tag entity unencoded root xml file',
    match:
      /unclosed (?:root )?tag|closing tag '[^']{0,80}' (?:is expected|expected|has)|unexpected close tag|non-whitespace before first tag|invalid character entity|unencoded <|text data outside of root|invalid attribute name line|malformed xml|improperly formatted xml|xml parse error|not well-formed|premature end of file/,
    weight: 'refinement',
    say: repair,
  },
  {
    is: 'parsing/permanent',
    id: 'yaml',
    on: 'mapping document flow indentation implicit alias read unique values',
    match:
      /bad indentation of|can not read (?:a|an) (?:block|implicit)|duplicated mapping key|end of the stream or a document separator|implicit (?:map )?keys? (?:need|may)|unidentified alias|mapping values are not allowed|nested mappings are not allowed|map keys must be unique/,
    weight: 'refinement',
    say: repair,
  },
  {
    is: 'parsing/permanent',
    id: 'pdf',
    on: 'pdf xref page stream eof',
    match:
      /invalid pdf|pdf file is empty|bad (?:\(uncompressed\) )?xref|illegal character in stream|page dictionary kids|not a pdf|(?:eof marker|startxref|xref)[^\n]{0,20} not found/,
    weight: 'refinement',
    say: replace,
  },
  {
    is: 'auth/permanent',
    id: 'pdf-password',
    on: 'password',
    match: /^(?:no password given|incorrect password)$|provide the correct password|file is password[- ]protected/,
    say: 'Ask for the password of the document, then retry.',
  },
  { is: 'filesystem/permanent', id: 'pdf-missing', on: 'pdf', match: /^missing pdf "/, weight: 'refinement' },
  { is: 'dependency/transient', id: 'pdf-fetch', on: 'unexpected', match: /unexpected server response \(5\d\d\)/ },
  {
    is: 'parsing/permanent',
    id: 'archive',
    on: 'header block distance data directory tar size gzip zip archive invalid',
    match:
      /incorrect (?:header|data) check|invalid stored block|invalid distance|end of central directory|tar_bad_archive|invalid tar header|compressed\/uncompressed size mismatch|unrecognized archive|not in gzip format|(?:gzip|zip|tar|zlib): invalid|corrupt(?:ed)? (?:zip|archive)/,
    weight: 'refinement',
    say: replace,
  },
  {
    is: 'parsing/permanent',
    id: 'image',
    on: 'image sos soi parquet magic mime content identify',
    match:
      /unsupported image (?:type|format)|invalid sos parameters|soi not found|could not find mime for buffer|input (?:file|buffer) [^\n]{0,30}unsupported image|magic bytes not found|unrecognised content at end of stream|invalid image|cannot identify image/,
    say: replace,
  },
  {
    is: 'parsing/permanent',
    id: 'corrupt',
    on: 'corrupt checksum damaged',
    match: /corrupt file|checksum (?:does not match|mismatch)|file is (?:corrupt|damaged)/,
    say: replace,
  },
  {
    is: 'parsing/recoverable',
    id: 'json-html-go',
    on: 'beginning',
    match: /invalid character '<' looking for beginning of value/,
    weight: 'quoting',
    say: 'A page came instead of JSON: check the address, the proxy or the sign-in; the retry waits.',
  },
  {
    is: 'parsing/permanent',
    id: 'json-go',
    on: 'looking unmarshal character',
    match: /invalid character '.{1,6}' (?:looking for|after)|json: cannot unmarshal/,
    weight: 'quoting',
    say: repair,
  },
  {
    is: 'parsing/permanent',
    id: 'unreadable',
    on: 'parse decode deserialize tokenizing zip',
    match:
      /(?:failed to|unable to|cannot|could not|couldn't) (?:parse|decode|deserialize)\b|error tokenizing data|not a zip file/,
    weight: 'wording',
    say: repair,
  },
  {
    is: 'parsing/permanent',
    id: 'line',
    on: 'parse parsing parser decode decoding unmarshal deserialize tokenizing',
    match:
      /(?:failed|unable|error|cannot|could not) (?:to )?pars(?:e|ing) (?:line|row|record|csv|xml|yaml|the (?:line|row|file|document))/,
    say: repair,
  },
  {
    is: 'parsing/permanent',
    id: 'regexp',
    on: 'regular token',
    match: /invalid regular expression|^(?:\w{1,30}: )?invalid or unexpected token/,
  },
  {
    is: 'parsing/permanent',
    id: 'end-of-file',
    on: 'file',
    match: /(?:^|: )unexpected end of file$/,
    weight: 'wording',
  },
  {
    is: 'parsing/permanent',
    id: 'binary',
    on: 'wire protobuf schema avro bson',
    match: /invalid wire type|invalid schema syntax|illegal (?:tag|buffer)|bson (?:decode|parse)/,
    weight: 'wording',
  },
]

const names: readonly NameRow[] = [
  {
    is: 'parsing/permanent',
    names:
      'CsvError YAMLException YAMLParseError YAMLSyntaxError InvalidPDFException FormatError JSONDecodeError ParseError ParserError XMLParserError XmlError JSONException UnicodeDecodeError UnreadableError',
    weight: 'status',
    say: repair,
  },
  {
    is: 'auth/permanent',
    names: 'PasswordException',
    weight: 'status',
    say: 'Ask for the password of the document, then retry.',
  },
  { is: 'filesystem/permanent', names: 'MissingPDFException', weight: 'status' },
]

/** Parsers: JSON (V8's, Firefox', Python's wording), CSV, XML, YAML, PDF, archives, images, encodings. */
export const parserRules: RuleTable = { system: 'parse', codes, phrases, names }
