import type { NameRow, PhraseRow, RuleTable } from './rule-table.ts'

const correct = 'Correct the fields that the schema refuses, then retry.'

const phrases: readonly PhraseRow[] = [
  {
    is: 'validation/permanent',
    id: 'zod',
    on: 'code expected invalid unrecognized',
    match:
      /^\s{0,4}\[\s{0,8}\{.{0,400}"(?:code|path|message)":|invalid input: expected|expected \w{1,12}, received |unrecognized key|invalid enum value\. expected|invalid (?:option|type): expected/,
    weight: 'refinement',
    say: correct,
  },
  {
    is: 'validation/permanent',
    id: 'ajv',
    on: 'must',
    match:
      /\bdata\S{0,120} must (?:have|be|not|match|contain|pass)\b|must have required property|must not have (?:additional|fewer|more)|must match (?:format|pattern|exactly one schema)/,
    weight: 'refinement',
    say: correct,
  },
  {
    is: 'validation/permanent',
    id: 'joi',
    on: 'required must allowed',
    match: /"[^"]{1,80}" (?:is required|must be|is not allowed|must (?:only )?contain|length must)/,
    weight: 'phrase',
    say: correct,
  },
  {
    is: 'validation/permanent',
    id: 'pydantic',
    on: 'validation value',
    match: /\d+ validation errors? for |value is not a valid/,
    say: correct,
  },
  {
    is: 'validation/permanent',
    id: 'issues',
    on: 'invalid',
    match: /(?:^|: )invalid (?:email|url|uuid|date|datetime|string|number|literal)\b/,
    weight: 'wording',
    say: correct,
  },
]

const names: readonly NameRow[] = [
  {
    is: 'validation/permanent',
    names:
      'ZodError $ZodError ValiError ValidationError SchemaError TypeBoxError StructError ArkErrors DataValidationError AjvError BadRequestError',
    weight: 'status',
    say: correct,
  },
]

/** What a schema library says of a value: Standard Schema, zod, valibot, ajv, joi. */
export const schemaIssueRules: RuleTable = { system: 'schema', phrases, names }
