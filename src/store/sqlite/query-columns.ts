import type { QueryColumns } from './compile-query.ts'

/** Over `batches b join checkpoints c`. */
export const batchColumns: QueryColumns = {
  of: 'batches',
  fields: { state: ['b.state'], job: ['b.job'], batch: ['b.id'], id: ['b.id'] },
  atMs: 'b.started_at_ms',
  text: `redrive_lower(b.id || char(10) || b.job || char(10) || b.source)`,
  payload: 'null',
}

/** Over `letters l join letter_details d join batches b`. */
export const letterColumns: QueryColumns = {
  of: 'dead letters',
  fields: {
    state: ['l.state'],
    type: ['l.type'],
    disposition: ['l.disposition'],
    severity: ['l.severity'],
    code: ['l.code'],
    group: ['l.group_id'],
    batch: ['b.id'],
    job: ['l.job'],
    stage: ['l.stage'],
    dependency: ['l.dependency'],
    key: ['l.key'],
    view: ['l.view'],
    assignee: ['l.assignee'],
    attempts: ['l.attempts'],
    generation: ['l.generation'],
    id: ['l.id', `b.id || ':' || l.position`],
  },
  atMs: 'l.created_at_ms',
  text: 'd.search',
  payload: newestPayload('l'),
}

/** Over `items i left join letters l left join letter_details d, batches b`. */
export const itemColumns: QueryColumns = {
  of: 'items',
  fields: {
    state: ['i.state'],
    type: ['i.type'],
    disposition: ['i.disposition'],
    severity: ['l.severity'],
    code: ['l.code'],
    group: ['i.group_id'],
    batch: ['b.id'],
    job: ['b.job'],
    stage: ['i.stage'],
    dependency: ['i.dependency'],
    key: ['i.key'],
    view: ['l.view'],
    assignee: ['l.assignee'],
    attempts: ['i.attempts'],
    generation: ['i.generation'],
    id: ['l.id', `b.id || ':' || i.position`],
  },
  atMs: 'i.updated_at_ms',
  text: `coalesce(d.search, redrive_lower(i.key))`,
  payload: newestPayload('i'),
}

const nothing = ['null']

/** Over `successes s, batches b`. */
export const successColumns: QueryColumns = {
  ...itemColumns,
  fields: {
    ...withNothing(itemColumns),
    state: [`'succeeded'`],
    batch: ['b.id'],
    job: ['b.job'],
    key: ['s.key'],
    attempts: ['s.attempts'],
    generation: ['1'],
    id: [`b.id || ':' || s.position`],
  },
  atMs: 's.at_ms',
  text: 'redrive_lower(s.key)',
  payload: 'null',
}

/** Over `batches b` alone: a plain success, of which nothing but its batch is known. */
export const plainColumns: QueryColumns = {
  ...itemColumns,
  fields: {
    ...withNothing(itemColumns),
    state: [`'succeeded'`],
    batch: ['b.id'],
    job: ['b.job'],
    attempts: ['1'],
    generation: ['1'],
  },
  atMs: 'null',
  text: 'null',
  payload: 'null',
}

function withNothing(columns: QueryColumns): QueryColumns['fields'] {
  return Object.fromEntries(Object.keys(columns.fields).map((field) => [field, nothing]))
}

function newestPayload(table: string): string {
  return `(select coalesce(p.shown, p.body) from payloads p where p.batch = ${table}.batch and p.position = ${table}.position order by p.version desc limit 1)`
}
