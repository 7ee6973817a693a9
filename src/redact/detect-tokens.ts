import { redactedMark } from './mark.ts'

/** Tokens known by their prefix: kind and shape. Sources: the issuers' own pages on token formats. */
const shapes: readonly (readonly [kind: string, shape: RegExp])[] = [
  ['aws-key', /(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/],
  ['github-token', /gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{22,255}/],
  ['gitlab-token', /gl(?:pat|ptt|rt|dt)-[A-Za-z0-9_-]{20,255}/],
  ['slack-token', /xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,400}|xapp-\d-[A-Za-z0-9-]{10,400}/],
  ['stripe-key', /[sr]k_(?:live|test)_[A-Za-z0-9]{10,255}|whsec_[A-Za-z0-9+/=]{20,255}/],
  ['jwt', /(?<![\w-])eyJ[A-Za-z0-9_-]{8,16000}\.[A-Za-z0-9_-]{8,16000}(?:\.[A-Za-z0-9_-]{0,16000}){0,3}/],
  ['google-key', /AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{20,64}|ya29\.[A-Za-z0-9_-]{20,2000}/],
  // The digit tells a key from a slug such as sk-locale-and-more-words.
  ['ai-key', /(?<![\w-])sk-(?=[A-Za-z_-]{0,200}\d)[A-Za-z0-9_-]{20,400}/],
  ['npm-token', /npm_[A-Za-z0-9]{36}/],
  ['pypi-token', /pypi-AgE[A-Za-z0-9_-]{20,400}/],
  ['sendgrid-key', /SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,128}/],
  ['twilio-key', /SK[0-9a-f]{32}(?![A-Za-z0-9])/],
  ['huggingface-token', /hf_[A-Za-z0-9]{30,64}/],
  ['digitalocean-token', /do[opr]_v1_[a-f0-9]{64}/],
  ['shopify-token', /shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/],
]

const anyToken = new RegExp(`(?<![A-Za-z0-9])(?:${shapes.map(([, shape]) => `(${shape.source})`).join('|')})`, 'g')

/** Masks tokens that are known by their prefix. */
export function replaceTokens(text: string): string {
  return text.replace(anyToken, (token: string, ...groups: unknown[]) => {
    const kind = shapes[groups.indexOf(token)]?.[0]
    return redactedMark(kind ?? 'token')
  })
}
