/** A parsed query: what the store compiles. */
export type QueryNode =
  | { readonly op: 'and' | 'or'; readonly nodes: readonly QueryNode[] }
  | { readonly op: 'not'; readonly node: QueryNode }
  | { readonly op: 'text'; readonly text: string }
  | {
      readonly op: 'field'
      readonly field: QueryField /** Dotted path, for `field.PATH`. */
      readonly path?: string
      readonly test: QueryTest
    }

/** Fields of the query language. `field` is a payload's or item's own, with `path`. */
export const queryFields = [
  'state',
  'type',
  'disposition',
  'group',
  'batch',
  'job',
  'stage',
  'dependency',
  'key',
  'view',
  'assignee',
  'severity',
  'attempts',
  'generation',
  'age',
  'id',
  'code',
  'field',
] as const
export type QueryField = (typeof queryFields)[number]

/** `age` compares milliseconds: `<` is younger than. Texts compare whole, `*` standing for anything. */
export type QueryTest =
  | { readonly is: string }
  | { readonly compare: '<' | '<=' | '>' | '>=' | '='; readonly number: number }
