import { RedriveError } from '../model/redrive-error.ts'
import { checkOptions } from './check-options.ts'
import { declareSource, type Source, type SourceOptions, type Unchecked } from './declared-source.ts'
import { makeShape } from './shape.ts'

/** What `sql` needs of a client: `pg`, `node:sqlite` through an adapter, … */
export interface SqlClient {
  query(text: string, values?: readonly unknown[]): Promise<{ rows: readonly unknown[] }>
}

/** One item per row of a query. Not built yet: it is refused (RD-1901) when the batch starts. */
export function sql<Input = unknown, Item = { [column: string]: unknown }>(
  _client: SqlClient,
  query: string,
  options: SourceOptions<Input, Item> & { values?: readonly unknown[] } = {},
): Source<Item, Unchecked<Input>> {
  checkOptions('sql', options, ['schema', 'key', 'values'])
  const refusal = () =>
    new RedriveError('RD-1901', { what: `sql(${JSON.stringify(String(query).slice(0, 80))}) is not built yet` })
  return declareSource({
    name: String(query),
    kind: 'sql',
    rereadable: true,
    shape: makeShape(options),
    identify: () => Promise.reject(refusal()),
    compare: () => {
      throw refusal()
    },
    open: () => Promise.reject(refusal()),
    readRaw: () => ({ error: refusal() }),
  })
}
