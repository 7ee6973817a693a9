export { backoff } from './alone/backoff.ts'
export { breaker } from './alone/breaker.ts'
export { retry } from './alone/retry.ts'
export { classify } from './classify/classify.ts'
export { HttpError } from './classify/http-error.ts'
export type { JobDefinition, JobOptions, Path, StartOptions, WithRun, WithStages } from './job/definition.ts'
export {
  type Fresh,
  type Show,
  type StageContext,
  type StageList,
  type StageOptions,
  type Stages,
  stages,
} from './job/stages.ts'
export type { BatchState } from './model/batch.ts'
export type { Classification, Disposition, ErrorType, Severity } from './model/classification.ts'
export type { Context, Declared, Log } from './model/context.ts'
export type { Duration, Percent, Rate } from './model/duration.ts'
export type { BatchEvent } from './model/event.ts'
export type { Failure } from './model/failure.ts'
export type { ItemState } from './model/item.ts'
export type {
  BreakerOptions,
  DependencyOptions,
  Policy,
  RetryPolicy,
  RetryRule,
  StopLimit,
  StopWhen,
  Verdict,
} from './model/policy.ts'
export { RedriveError } from './model/redrive-error.ts'
export type { Report } from './model/report.ts'
export { type Match, type Rule, type RuleVerdict, rule } from './model/rule.ts'
export type { Schema, SchemaResult } from './model/schema.ts'
export type { Source } from './model/source.ts'
export type { Query, Where } from './model/to-query.ts'
export type { Batch } from './open/batch.ts'
export { connect, type Ledger } from './open/connect.ts'
export { type Job, job } from './open/job.ts'
export type { Letter } from './quarantine/letter.ts'
export type { Operation, Plan, PlanOptions, Selection } from './quarantine/selection.ts'
export { csv } from './source/csv.ts'
export type { Cells, Row } from './source/csv-layout.ts'
export type { ByteStream, SourceOptions, Unchecked } from './source/declared-source.ts'
export { files } from './source/files.ts'
export type { FoundFile } from './source/found-file.ts'
export { from, type Typed } from './source/from.ts'
export { json } from './source/json.ts'
export { jsonl } from './source/jsonl.ts'
export { type SqlClient, sql } from './source/sql.ts'
