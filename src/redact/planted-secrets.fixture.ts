/**
 * Secrets planted in the texts that carry them in the field: `[where, text, what must not be seen]`. Every token is made
 * up, and put together here so that no scanner of repositories takes this file for a leak.
 */
export function plantedSecrets(): readonly (readonly [where: string, text: string, secret: string])[] {
  return [...tokens(), ...headers(), ...urls(), ...assignments(), ...json(), ...others()]
}

const hex = (length: number) => 'd41d8cd98f00b204e9800998ecf8427e53a1f09c77de'.repeat(4).slice(0, length)
const mixed = (length: number) => 'Zq7XbW3kVt9RmL2pYc5NsH8dFg4JaUe6'.repeat(8).slice(0, length)
const jwt = `eyJ${mixed(17)}.eyJ${mixed(40)}.${mixed(43)}`
const card = ['4111', '1111', '1111', '1111']

type Planted = readonly (readonly [string, string, string])[]

function tokens(): Planted {
  const aws = `AKIA${'Q7XBW3KVT9RML2PY'}`
  const plant = (name: string, token: string) =>
    [name, `upstream said: invalid credential ${token} (request 7)`, token] as const
  return [
    plant('AWS access key', aws),
    plant('AWS session key', `ASIA${'Q7XBW3KVT9RML2PY'}`),
    plant('GitHub personal token', `ghp_${mixed(36)}`),
    plant('GitHub server token', `ghs_${mixed(36)}`),
    plant('GitHub fine-grained token', `github_pat_${mixed(22)}_${mixed(59)}`),
    plant('GitLab token', `glpat-${mixed(20)}`),
    plant('Slack bot token', `xoxb-${'123456789012'}-${mixed(24)}`),
    plant('Slack app token', `xapp-1-A0${mixed(30)}`),
    plant('Stripe live key', `sk_live_${mixed(24)}`),
    plant('Stripe restricted key', `rk_test_${mixed(24)}`),
    plant('Stripe webhook secret', `whsec_${mixed(32)}`),
    plant('JWT', jwt),
    plant('Google API key', `AIza${mixed(35)}`),
    plant('Google OAuth token', `ya29.${mixed(60)}`),
    plant('OpenAI key', `sk-proj-${mixed(48)}`),
    plant('Anthropic key', `sk-ant-api03-${mixed(80)}`),
    plant('npm token', `npm_${mixed(36)}`),
    plant('PyPI token', `pypi-AgE${mixed(60)}`),
    plant('SendGrid key', `SG.${mixed(22)}.${mixed(43)}`),
    plant('Hugging Face token', `hf_${mixed(34)}`),
    ['a token in a path', `GET /v1/hooks/ghp_${mixed(36)}/run 404`, mixed(36)],
    ['a token in a stack', `Error: no\n    at call (app.js:1)\n  key=${aws}\n`, aws],
  ]
}

function headers(): Planted {
  const basic = Buffer.from('svc-orders:S3cr3t!pw').toString('base64')
  return [
    ['Authorization: Bearer', `> Authorization: Bearer ${mixed(40)}\r\n> Accept: */*`, mixed(40)],
    ['Authorization: Basic', `Authorization: Basic ${basic}`, basic],
    ['Basic alone', `rejected credentials Basic ${basic} by proxy`, basic],
    ['Authorization: Digest', `Authorization: Digest username="a", response="${hex(32)}"`, hex(32)],
    ['Authorization: AWS4', `authorization: AWS4-HMAC-SHA256 Credential=x/20261122, Signature=${hex(64)}`, hex(64)],
    ['Proxy-Authorization in JSON', JSON.stringify({ 'proxy-authorization': `Bearer ${mixed(30)}` }), mixed(30)],
    ['raw header list', JSON.stringify(['Authorization', `token ${mixed(30)}`]), mixed(30)],
    ['header as inspected', `headers: { authorization: 'Bearer ${mixed(33)}' }`, mixed(33)],
    ['lower-case bearer', `got 401 for bearer ${mixed(24)}`, mixed(24)],
    ['Cookie', `Cookie: theme=dark; sid=${mixed(26)}\n`, mixed(26)],
    ['Set-Cookie in JSON', JSON.stringify({ 'set-cookie': [`sid=${mixed(27)}; Path=/`] }), mixed(27)],
    ['x-api-key', `x-api-key: ${mixed(20)}`, mixed(20)],
  ]
}

function urls(): Planted {
  return [
    ['PostgreSQL URL', 'connect failed: postgres://app:hunter2@db.local:5432/orders', 'hunter2'],
    ['MongoDB URL', 'MongoServerError at mongodb+srv://root:p%40ss@cluster0.x.net/?retryWrites=true', 'p%40ss'],
    ['Redis URL without user', 'redis://:correcthorse@127.0.0.1:6379/0 refused', 'correcthorse'],
    ['AMQP URL with a slash', 'amqp://guest:a/b?c@mq:5672 closed', 'a/b?c'],
    ['https URL with a token', `fatal: https://x-access-token:${mixed(30)}@github.com/o/r.git`, mixed(30)],
    ['password with an at sign', 'mysql://u:p@ss-w0rd@h/db', 'ss-w0rd'],
    ['Slack webhook', `POST https://hooks.slack.com/services/T0001/B0002/${mixed(24)} 410`, mixed(24)],
    ['query token', `GET /report?id=7&access_token=${mixed(20)}&x=1 403`, mixed(20)],
    ['query api key', `https://api.x.io/v1?api_key=${hex(32)}`, hex(32)],
    ['signed URL', `https://b.s3.amazonaws.com/k?X-Amz-Date=1&X-Amz-Signature=${hex(64)}`, hex(64)],
    ['shared access signature', `https://a.blob.core.windows.net/c?sv=2&sig=${mixed(30)}%3D&se=3`, mixed(30)],
    ['Telegram bot', `GET https://api.telegram.org/bot123456789:AA${mixed(33)}/getMe 401`, mixed(33)],
    ['Discord webhook', `https://discord.com/api/webhooks/123456789012345678/${mixed(40)} 404`, mixed(40)],
    ['token as user', `https://${mixed(32)}@sentry.example.org/7`, mixed(32)],
    ['encoded query', `redirect=%2Fx%3Ftoken%3D${mixed(20)}`, mixed(20)],
  ]
}

function assignments(): Planted {
  return [
    ['AWS secret key', `AWS_SECRET_ACCESS_KEY=wJalr/XUtn+${mixed(29)}`, mixed(29)],
    ['AWS secret in ini', `aws_secret_access_key = wJalr/XUtn+${mixed(29)}`, mixed(29)],
    ['env password', 'DB_PASSWORD=letmein-please npm start', 'letmein-please'],
    ['short password', 'pwd=x1 user=sa', 'x1'],
    ['connection string', 'Server=tcp:db;Uid=app;Pwd=T0p,secret;Encrypt=yes', 'T0p'],
    ['account key', `DefaultEndpointsProtocol=https;AccountKey=${mixed(40)}==;EndpointSuffix=x`, mixed(40)],
    ['password in prose', 'login failed (user: ann, password: hunter22)', 'hunter22'],
    ['quoted password', `options: { password: 'it''s me' }`.replace("''", '\\u0027'), 's me'],
    ['secret in YAML', 'client_secret: "abc def ghi"', 'abc def ghi'],
    ['arrow', `token => "${mixed(12)}"`, mixed(12)],
    ['flag', 'spawn psql --password tr0ub4dor -h db', 'tr0ub4dor'],
    ['flag with equals', `cli --api-key=${mixed(16)} run`, mixed(16)],
    ['npmrc', `//npm.example.com/:_authToken=${hex(36)}`, hex(36)],
    ['form field', 'body: user[password]=seaside&x=1', 'seaside'],
    ['multipart', 'name="password"\r\n\r\nseaside town\r\n--x', 'seaside town'],
    ['curl', 'spawn curl -u ann:seaside https://h', 'seaside'],
    ['in a sentence', `the token ${mixed(20)} has expired`, mixed(20)],
    ['provided', `Incorrect API key provided: ${mixed(20)}.`, mixed(20)],
    ['key base', `SECRET_KEY_BASE=${hex(40)}`, hex(40)],
    ['SQL', "ALTER USER app WITH PASSWORD 'n3w-pass'; -- 42601", 'n3w-pass'],
    ['XML', '<wsse:Password Type="text">s0ap-pass</wsse:Password>', 's0ap-pass'],
  ]
}

function json(): Planted {
  const inner = JSON.stringify({ user: 'ann', password: 'pa"ss\\w0rd' })
  return [
    ['JSON password', '{"user":"ann","password":"open sesame","n":1}', 'open sesame'],
    ['JSON password with a quote', inner, 'w0rd'],
    ['JSON in JSON', JSON.stringify({ body: JSON.stringify({ apiKey: 'k-123 456' }) }), 'k-123 456'],
    ['JSON in JSON with a quote', JSON.stringify({ body: inner }), 'w0rd'],
    ['JSON cut off', '{"refresh_token":"1//0abc def', '1//0abc def'],
    ['JSON number', '{"password": 90210}', '90210'],
    ['camel case', '{"dbPassword":"seaside"}', 'seaside'],
    ['URL-encoded JSON', `q=%7B%22secret%22%3A%22${mixed(14)}%22%7D`, mixed(14)],
  ]
}

function others(): Planted {
  const pem = (kind: string) =>
    `-----BEGIN ${kind}PRIVATE KEY-----\n${mixed(64)}\n${hex(40)}\n-----END ${kind}PRIVATE KEY-----`
  return [
    ['RSA key', `bad key: ${pem('RSA ')} (1)`, hex(40)],
    ['key in JSON', JSON.stringify({ private: pem('') }), hex(40)],
    ['OpenSSH key cut off', pem('OPENSSH ').slice(0, 140), mixed(20)],
    ['card', `declined: ${card.join('')}`, card.join('')],
    ['card with spaces', `declined card ${card.join(' ')} exp 12/27`, card.join(' ')],
    ['card with dashes', `pan=${card.join('-')};`, card.join('-')],
    ['American Express', 'amex 3782 822463 10005 declined', '822463'],
    ['card in a CSV row', `Ann,12,5555${'555555554444'},EUR`, '555555554444'],
  ]
}
