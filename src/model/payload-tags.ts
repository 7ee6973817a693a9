/**
 * Names of the tags. An object of exactly one field so named is a tag in the text:
 * `$date` ISO text or null (invalid), `$bigint` decimal text, `$number` `NaN` `Infinity` `-Infinity` `-0`,
 * `$bytes` `$buffer` base64 text, `$map` list of pairs, `$set` list, `$undefined` `$hole` true,
 * `$sealed` an encrypted value, `$plain` the user's own object that looks like one of these.
 */
export const tags: ReadonlySet<string> = new Set([
  '$date',
  '$bigint',
  '$number',
  '$bytes',
  '$buffer',
  '$map',
  '$set',
  '$undefined',
  '$hole',
  '$sealed',
  '$plain',
])
